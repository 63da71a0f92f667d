import { load as yamlLoad } from "js-yaml";
import type { AssociationData } from "../association.js";
import { AssociationNotValidError } from "../errors.js";
import { AssociationRegistry } from "../registry.js";
import { validateAssociation } from "./schema.js";

export interface LoadOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** Only this format; else JSON, then YAML. */
  readonly format?: "json" | "yaml";
  /** Check against the schemas of the rules (default). */
  readonly validate?: boolean;
  /** Rules to check against; the default ones when not given, none at all with null. */
  readonly registry?: AssociationRegistry | null;
  /** Told about what is not as it should be though it could be read. */
  readonly warn?: (message: string) => void;
}

let defaultRegistry: AssociationRegistry | undefined;

/**
 * Read an association from JSON or YAML text.
 * @returns the content, unknown keys kept
 * @throws AssociationNotValidError with the line and column of what cannot be read, or the place of what is missing
 */
export function loadAsn(text: string, options: LoadOptions = {}): AssociationData {
  const file = options.name ?? "the text";
  const data = parse(text, file, options);
  if (typeof data !== "object" || data === null || Array.isArray(data))
    throw new AssociationNotValidError(`${file} is no association: it holds no mapping`, { file });
  if (options.validate ?? true) {
    const registry =
      options.registry === undefined ? (defaultRegistry ??= new AssociationRegistry()) : options.registry;
    if (registry === null) {
      const problems = validateAssociation(data, "level2");
      if (problems.length > 0) throw new AssociationNotValidError(`${file}: ${problems.join("; ")}`, { file });
    } else {
      try {
        registry.validate(data);
      } catch (error) {
        throw new AssociationNotValidError(`${file}: ${(error as Error).message}`, { file, cause: error });
      }
    }
    const withPath = (data as AssociationData).products.flatMap((p) => p.members).find((m) => m.expname.includes("/"));
    if (withPath !== undefined)
      options.warn?.(`${file}: member ${withPath.expname} has a path; such associations are hard to move`);
  }
  return data as AssociationData;
}

function parse(text: string, file: string, options: LoadOptions): unknown {
  let jsonError: unknown;
  if (options.format !== "yaml") {
    try {
      return JSON.parse(text);
    } catch (error) {
      jsonError = error;
      if (options.format === "json" || /^\s*[[{]/.test(text)) throw notReadable(text, file, "JSON", error);
    }
  }
  try {
    return yamlLoad(text);
  } catch (error) {
    throw notReadable(text, file, jsonError === undefined ? "YAML" : "JSON or YAML", error);
  }
}

function notReadable(text: string, file: string, format: string, error: unknown): AssociationNotValidError {
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  const at = /at position (\d+)/.exec(message)?.[1];
  let where = "";
  if (at !== undefined && !message.includes("line")) {
    const before = text.slice(0, Number(at)).split("\n");
    where = ` (line ${before.length}, column ${before[before.length - 1].length + 1})`;
  }
  return new AssociationNotValidError(`${file} is no ${format}: ${message}${where}`, { file, cause: error });
}

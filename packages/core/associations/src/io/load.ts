import { load as yamlLoad } from "js-yaml";
import type { AssociationData } from "../association.js";
import { AssociationNotValidError } from "../errors.js";
import type { AssociationRegistry } from "../registry.js";
import { jsonErrorPosition } from "./json-position.js";
import { notAnAssociation, schemas, validateAssociation } from "./schema.js";

export interface LoadOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
  /** Only this format; else JSON, then YAML. */
  readonly format?: "json" | "yaml";
  /** Check against the schemas of the rules (default). */
  readonly validate?: boolean;
  /** Rules to check against: the content has to follow the schema of one of them. Else: the schemas of stages 2 and 3. */
  readonly registry?: AssociationRegistry;
  /** Told about what is not as it should be though it could be read. */
  readonly warn?: (message: string) => void;
}

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
    try {
      if (options.registry === undefined) validateStages(data);
      else options.registry.validate(data);
    } catch (error) {
      throw new AssociationNotValidError(`${file}: ${(error as Error).message}`, { file, cause: error });
    }
    const withPath = (data as AssociationData).products.flatMap((p) => p.members).find((m) => m.expname.includes("/"));
    if (withPath !== undefined)
      options.warn?.(`${file}: member ${withPath.expname} has a path; such associations are hard to move`);
  }
  return data as AssociationData;
}

function validateStages(data: unknown): void {
  const problems = Object.values(schemas).map((schema) => validateAssociation(data, schema));
  if (!problems.some((p) => p.length === 0)) throw notAnAssociation(problems[0]);
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
  const at = format === "JSON" && !message.includes("line") ? jsonErrorPosition(text) : undefined;
  let where = "";
  if (at !== undefined) {
    const before = text.slice(0, at).split("\n");
    where = ` (line ${before.length}, column ${before[before.length - 1].length + 1})`;
  }
  return new AssociationNotValidError(`${file} is no ${format}: ${message}${where}`, { file, cause: error });
}

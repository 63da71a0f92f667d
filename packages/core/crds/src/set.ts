import { ValidationError } from "@calwebb/errors";
import type { ReferenceAnswers, ReferenceResolver } from "./resolver.js";

const ABSOLUTE = /^(?:[a-z][a-z\d+.-]*:\/\/|\/|[A-Za-z]:[\\/]|\\\\)/;

/** Join a path or URL with the folder that it is relative to. */
function resolve(base: string, path: string): string {
  if (base === "" || ABSOLUTE.test(path)) return path;
  if (/^[a-z][a-z\d+.-]+:\/\//.test(base)) {
    const url = new URL(path, base);
    return url.protocol === "file:" ? decodeURIComponent(url.pathname) : url.href;
  }
  const folder = base.replace(/[^/\\]*$/, "");
  return folder + path.replace(/^\.\//, "");
}

/**
 * Read a reference set: JSON `{"gain": "refs/gain.fits", "area": "N/A"}`.
 * @param text - content of the file
 * @param base - path or URL of the file itself; relative members are relative to its folder
 * @returns a resolver that answers every look-up; a type that the set does not name is `"N/A"`
 * @throws {ValidationError}
 */
export function loadReferenceSet(text: string, base = ""): ReferenceResolver {
  const where = base || "reference set";
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ValidationError(`${where} is no JSON: ${why}`, { file: base, cause });
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new ValidationError(`${where} has to be an object of types and files`, {
      file: base,
      wanted: '{"gain": "gain.fits", ...}',
    });
  const files = new Map<string, string>();
  for (const [type, file] of Object.entries(given)) {
    if (typeof file !== "string" || file === "")
      throw new ValidationError(`${where}: "${type}" has to be a file name or "N/A"`, {
        file: base,
        where: type,
        got: JSON.stringify(file),
      });
    files.set(type.toLowerCase(), /^n\/a$/i.test(file) ? "N/A" : resolve(base, file));
  }
  const find = async (_header: Record<string, unknown>, types: readonly string[]): Promise<ReferenceAnswers> =>
    Object.fromEntries(types.map((type) => [type, files.get(type.toLowerCase()) ?? "N/A"]));
  return { find, prefetch: find, context: async () => "" };
}

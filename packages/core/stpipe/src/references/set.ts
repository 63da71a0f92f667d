import type { ReferenceResolver } from "@calwebb/crds";
import { ValidationError } from "@calwebb/errors";
import type { Host } from "../host/types.js";
import { folderOf, joinPath } from "../naming/names.js";

const isFromRoot = (path: string): boolean => /^(\/|[A-Za-z]:[\\/]|[a-z]+:\/\/)/.test(path);

/**
 * A resolver that answers every look-up from a mapping, type -> file or `"N/A"`; types that it does not name are `"N/A"`.
 * @param folder - where relative paths start
 */
export function referenceSet(files: Readonly<Record<string, string>>, folder = ""): ReferenceResolver {
  const answer = (types: readonly string[]): Record<string, string> => {
    const out: Record<string, string> = {};
    for (const type of types) {
      const file = files[type] ?? "N/A";
      out[type] = file === "N/A" || isFromRoot(file) ? file : joinPath(folder, file);
    }
    return out;
  };
  return {
    find: async (_header, types) => answer(types),
    context: async () => "",
    prefetch: async (_header, types) => answer(types),
  };
}

/**
 * Read a reference set: a JSON object `{"gain": "refs/gain.fits", "area": "N/A"}` with paths relative to the file.
 * @throws {ValidationError} when the file is something else
 */
export async function openReferenceSet(path: string, host: Host): Promise<ReferenceResolver> {
  const file = host.absolute(path);
  let content: unknown;
  try {
    content = JSON.parse(await host.readText(file));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ValidationError(`cannot read the reference set ${path}: ${why}`, { file: path, cause });
  }
  const bad =
    typeof content !== "object" || content === null || Array.isArray(content)
      ? "it is no JSON object"
      : Object.entries(content).find(([, value]) => typeof value !== "string")?.[0];
  if (bad) throw new ValidationError(`the reference set ${path} must map types to file names: ${bad}`, { file: path });
  return referenceSet(content as Record<string, string>, folderOf(file));
}

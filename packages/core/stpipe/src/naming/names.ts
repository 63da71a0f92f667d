import { KNOWN_SUFFIXES } from "../generated/suffixes.js";

const KNOWN: ReadonlySet<string> = new Set(KNOWN_SUFFIXES);

/** Last component of a path; both kinds of slashes separate. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** Folder of a path, empty when it has none. */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return end < 0 ? "" : end === 0 ? "/" : path.slice(0, end);
}

/** Put a name into a folder; a name from the root stays as it is. */
export function joinPath(folder: string, name: string): string {
  if (!folder || name.startsWith("/")) return name;
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** A file name without and with its last extension; leading dots belong to the name. */
export function splitExtension(name: string): readonly [stem: string, extension: string] {
  const dot = name.lastIndexOf(".");
  const leading = name.length - name.replace(/^\.+/, "").length;
  return dot < Math.max(1, leading) ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
}

/**
 * Take a known product suffix off a name: `jw01_nrca1_uncal` gives `["jw01_nrca1", "_"]`. When several endings are known suffixes
 * the longest goes (`x_flat_field`). The separator is undefined when there was none.
 */
export function removeSuffix(name: string): readonly [root: string, separator: "_" | "-" | undefined] {
  for (let i = 1; i < name.length; i++) {
    const c = name[i];
    if ((c === "_" || c === "-") && KNOWN.has(name.slice(i + 1))) return [name.slice(0, i), c];
  }
  return [name, undefined];
}

export interface NameParts {
  /** File name to start from; only its last component counts. */
  base: string;
  /** Last part; false leaves the name as it is. */
  suffix: string | false;
  ext: string;
  /** Parts between base and suffix; undefined ones are left out. */
  parts?: readonly (string | number | undefined | null)[];
}

/** File name of a product: base name without its known suffix, parts, suffix, extension. */
export function productName({ base, suffix, ext, parts = [] }: NameParts): string {
  const [stem] = splitExtension(baseName(base));
  const middle = parts
    .filter((part) => part !== undefined && part !== null)
    .map((part) => `_${part}`)
    .join("");
  const extension = ext.startsWith(".") ? ext : `.${ext}`;
  if (suffix === false) return stem + middle + extension;
  const [root, separator] = removeSuffix(stem);
  return `${root}${middle}${separator ?? "_"}${suffix}${extension}`;
}

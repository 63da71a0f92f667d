import { type EncodeOptions, encodeAsdf } from "./encode.js";
import { formatError } from "./error.js";
import { type AsdfFile, type ParseOptions, parseAsdf, parseAsdfSync } from "./parse.js";
import type { AsdfMapping } from "./tree.js";

/** Names under which a FITS file carries a tree: one binary table of one row with one column of bytes. */
export const ASDF_EXTNAME = "ASDF";
export const ASDF_COLUMN = "ASDF_METADATA";

/**
 * Read the tree that a FITS file carries.
 * @param row - bytes of the `ASDF_METADATA` column, or the pixels of the byte image that older files have in its place; zeros that
 *   fill up the FITS record may follow
 * @param options - `resolve` finds the arrays that are HDUs: it gets `fits:SCI,1`
 */
export async function asdfFromFitsTable(row: Uint8Array, options: ParseOptions = {}): Promise<AsdfFile> {
  return parseAsdf(row, named(options));
}

export function asdfFromFitsTableSync(row: Uint8Array, options: ParseOptions = {}): AsdfFile {
  return parseAsdfSync(row, named(options));
}

const named = (options: ParseOptions): ParseOptions => ({ name: "ASDF extension", ...options });

/** What the table extension has to hold. */
export interface AsdfTable {
  extname: typeof ASDF_EXTNAME;
  column: typeof ASDF_COLUMN;
  /** TFORM1, and the length of the only row. */
  format: string;
  bytes: Uint8Array;
}

/** Write a tree as the content of the table extension. Arrays that are HDUs are nodes made with `AsdfArray.link`. */
export async function asdfToFitsTable(tree: AsdfMapping | AsdfFile, options: EncodeOptions = {}): Promise<AsdfTable> {
  const bytes = await encodeAsdf(tree, options);
  return { extname: ASDF_EXTNAME, column: ASDF_COLUMN, format: `${bytes.length}B`, bytes };
}

/**
 * Take `fits:SCI,1` or `fits:3` apart. Undefined when the source is not a place in a FITS file.
 * @throws {AsdfFormatError} when it starts with `fits:` and makes no sense
 */
export function parseFitsLink(source: string): { name: string; version: number } | { index: number } | undefined {
  if (!source.startsWith("fits:")) return undefined;
  const rest = source.slice(5);
  if (/^\d+$/.test(rest)) return { index: Number(rest) };
  const m = /^(.*?)(?:,\s*(\d+))?$/s.exec(rest);
  if (!m || m[1] === "")
    throw formatError("ASDF extension", `"${source}" names no HDU`, { wanted: "fits:NAME,VERSION" });
  return { name: m[1], version: Number(m[2] ?? 1) };
}

import type { ByteSink, ByteSource } from "@calwebb/bytes";
import { ValidationError } from "@calwebb/errors";
import { Header, openFits, writeFits } from "@calwebb/fits";
import type { Table } from "./table.js";

/**
 * The first binary table of a FITS file that is no data model, such as a catalog.
 * @throws {ValidationError} when there is none
 * @throws {FitsFormatError} for files of another format
 */
export async function decodeTable(source: ByteSource): Promise<Table> {
  const file = await openFits(source);
  for (const hdu of file.hdus) if (hdu.kind === "bintable") return hdu.read();
  throw new ValidationError(`${file.name} has no table`, { file: file.name, wanted: "a binary table" });
}

/** Write a table as a FITS file of its own. @param cards - keywords of the table */
export async function encodeTable(
  table: Table,
  sink: ByteSink,
  cards: Readonly<Record<string, string | number | boolean>> = {},
): Promise<void> {
  const header = new Header();
  for (const [keyword, value] of Object.entries(cards)) header.append(keyword, value);
  await writeFits([{ kind: "image" }, { kind: "bintable", header, columns: table.columns, nrows: table.nrows }], sink);
}

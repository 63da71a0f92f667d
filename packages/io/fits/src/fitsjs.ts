import { type ByteSource, memorySource } from "@calwebb/bytes";
import { ValidationError } from "@calwebb/errors";
import { padded } from "./const.js";
import { type Hdu, openFitsSync } from "./file.js";
import { Header } from "./header.js";

/** What is needed of an HDU of the `fitsjs` package (0.6.6; fitsjs-ng's have the same shape). */
export interface FitsjsHdu {
  readonly header: {
    /** The header as text, all blocks of it. */
    readonly block: string;
  };
  /** The data unit: its bytes as they are in the file, in memory or as a Blob. */
  readonly data?: { readonly blob?: Blob; readonly buffer?: ArrayBuffer };
}

async function dataOf({ data }: FitsjsHdu): Promise<Uint8Array> {
  if (data === undefined || data === null) return new Uint8Array(0);
  // Tables read from a Blob reuse `buffer` for the rows read last.
  if (data.blob) return new Uint8Array(await data.blob.arrayBuffer());
  if (data.buffer) return new Uint8Array(data.buffer);
  return new Uint8Array(0);
}

/** The empty primary HDU that an extension needs before it. */
function emptyPrimary(): Uint8Array {
  return new Header().set("SIMPLE", true).set("BITPIX", 8).set("NAXIS", 0).toBytes();
}

/**
 * An HDU that was opened with fitsjs, as an HDU of this package. Only the stored bytes are taken over: values are decoded here, also
 * where fitsjs decodes them wrongly or not at all (unsigned and 64-bit integers, float64, compressed and 4-D images, table columns).
 * @param name - what to call it in messages
 * @throws {ValidationError} when it is not an HDU of fitsjs, {FitsFormatError} when its header and its data do not fit
 */
export async function fromFitsjs(hdu: FitsjsHdu, name = "fitsjs"): Promise<Hdu> {
  const block = hdu?.header?.block;
  if (typeof block !== "string")
    throw new ValidationError("not an HDU of fitsjs: it has no header.block; pass an element of FITS.hdus", {
      wanted: "an HDU of fitsjs",
    });
  const first = block.startsWith("SIMPLE") ? new Uint8Array(0) : emptyPrimary();
  const data = await dataOf(hdu);
  const bytes = new Uint8Array(first.length + padded(block.length) + padded(data.length));
  bytes.set(first);
  bytes.fill(32, first.length, first.length + padded(block.length));
  for (let i = 0; i < block.length; i++) bytes[first.length + i] = block.charCodeAt(i);
  bytes.set(data, first.length + padded(block.length));
  const source: ByteSource = memorySource(bytes, name);
  const { hdus } = openFitsSync(source);
  return hdus[hdus.length - 1];
}

import type { DType, TypedArray } from "@calwebb/array";
import { bad, type HduPlace, memory } from "./context.js";
import { decodeInto, toNative, viewAs } from "./convert.js";
import { bytesOf } from "./swap.js";
import type { ColumnData } from "./table.js";
import type { ColumnLayout } from "./tform.js";

/** Text up to the first NUL, without trailing blanks. */
function text(bytes: Uint8Array, start: number, end: number): string {
  let stop = start;
  while (stop < end && bytes[stop] !== 0) stop++;
  while (stop > start && bytes[stop - 1] === 32) stop--;
  let out = "";
  for (let i = start; i < stop; i += 4096) out += String.fromCharCode(...bytes.subarray(i, Math.min(stop, i + 4096)));
  return out;
}

/** Type of the memory that gathers the stored bytes of a column, so that they can often stay where they are. */
export function gatherType(column: ColumnLayout): DType {
  return column.descriptor === undefined ? elementType(column) : "uint8";
}

function elementType(column: ColumnLayout): DType {
  return column.storage?.scaled ? column.storage.stored : (column.storage?.dtype ?? "uint8");
}

/** Copy one column out of whole rows: `field` bytes from `offset` of every `stride` bytes. */
export function gather(
  rows: Uint8Array,
  nrows: number,
  stride: number,
  offset: number,
  width: number,
  out: Uint8Array,
  at: number,
): void {
  if (width > 16) {
    for (let r = 0, p = offset; r < nrows; r++, p += stride, at += width) out.set(rows.subarray(p, p + width), at);
    return;
  }
  const end = offset + nrows * stride;
  if (width === 8)
    for (let p = offset; p < end; p += stride) {
      out[at] = rows[p];
      out[at + 1] = rows[p + 1];
      out[at + 2] = rows[p + 2];
      out[at + 3] = rows[p + 3];
      out[at + 4] = rows[p + 4];
      out[at + 5] = rows[p + 5];
      out[at + 6] = rows[p + 6];
      out[at + 7] = rows[p + 7];
      at += 8;
    }
  else if (width === 4)
    for (let p = offset; p < end; p += stride) {
      out[at] = rows[p];
      out[at + 1] = rows[p + 1];
      out[at + 2] = rows[p + 2];
      out[at + 3] = rows[p + 3];
      at += 4;
    }
  else for (let p = offset; p < end; p += stride) for (let i = 0; i < width; i++) out[at++] = rows[p + i];
}

/** Values of numbers: scaled into new memory, others converted where they are. */
export function decodeNumbers(place: HduPlace, column: ColumnLayout, stored: TypedArray): TypedArray {
  const s = column.storage;
  if (s === undefined) return stored;
  const bytes = bytesOf(stored);
  if (!s.scaled) {
    toNative(bytes, s);
    return viewAs(bytes, s.dtype);
  }
  const out = memory(place, s.dtype, bytes.length / s.size);
  decodeInto(bytes, s, out, 0);
  return out;
}

/**
 * Values from the gathered stored bytes of a column with a fixed length.
 * @param stored - nrows * width bytes, as an array of {@link gatherType}
 */
export function decodeColumn(place: HduPlace, column: ColumnLayout, stored: TypedArray, nrows: number): ColumnData {
  const bytes = bytesOf(stored);
  switch (column.code) {
    case "L":
      for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 84 ? 1 : 0;
      return stored;
    case "X":
      return decodeBits(place, bytes, nrows, column.repeat, column.width);
    case "A": {
      const { chars } = column;
      const perRow = column.info.shape.reduce((a, b) => a * b, 1);
      if (chars === 0 && nrows * perRow > 1 << 20)
        throw bad(place, `column ${column.info.name}`, `${nrows} rows of empty strings`, "strings with characters");
      const out = new Array<string>(nrows * perRow);
      for (let r = 0, k = 0; r < nrows; r++)
        for (let j = 0, p = r * column.width; j < perRow; j++, p += chars) out[k++] = text(bytes, p, p + chars);
      return out;
    }
    default:
      return decodeNumbers(place, column, stored);
  }
}

function decodeBits(place: HduPlace, bytes: Uint8Array, nrows: number, bits: number, width: number): Uint8Array {
  const out = memory(place, "uint8", nrows * bits);
  for (let r = 0, k = 0; r < nrows; r++)
    for (let b = 0; b < bits; b++) out[k++] = (bytes[r * width + (b >> 3)] >> (7 - (b & 7))) & 1;
  return out;
}

/** Value of one row of a variable-length column from its bytes in the heap. */
export function decodeHeapValue(
  place: HduPlace,
  column: ColumnLayout,
  bytes: Uint8Array,
  count: number,
): TypedArray | string {
  if (column.code === "A") return text(bytes, 0, bytes.length);
  if (column.code === "X") return decodeBits(place, bytes, 1, count, bytes.length);
  const aligned = bytes.slice();
  if (column.code === "L") {
    for (let i = 0; i < aligned.length; i++) aligned[i] = aligned[i] === 84 ? 1 : 0;
    return aligned;
  }
  return decodeNumbers(place, column, viewAs(aligned, elementType(column)));
}

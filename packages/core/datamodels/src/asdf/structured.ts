import type { TypedArray } from "@calwebb/array";
import { AsdfArray, type DataType, type FieldType } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import type { Table } from "../table.js";
import { longestText, textWidth } from "../tree/text-width.js";

/** A table as a structured array in memory, for trees without a FITS file around them. */
export function packTable(table: Table): AsdfArray {
  const parts = table.columns.map((column) => {
    const count = column.shape.reduce((a, b) => a * b, 1);
    if (column.variable)
      throw new ValidationError(`column ${column.name} has values of different lengths, which ASDF cannot hold`);
    if (column.dtype === "string") {
      const texts = column.data as string[];
      const width = Math.max(textWidth(column) ?? 1, longestText(column));
      const bytes = new Uint8Array(texts.length * width);
      texts.forEach((s, i) => {
        for (let k = 0; k < s.length; k++) bytes[i * width + k] = s.charCodeAt(k);
      });
      return { datatype: ["ascii", width] as DataType, bytes, size: width * count, column };
    }
    const data = column.data as TypedArray;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const datatype: DataType = column.dtype === "bit" ? "bool8" : column.dtype;
    return { datatype, bytes, size: table.nrows === 0 ? 0 : bytes.length / table.nrows, column };
  });
  const rowSize = parts.reduce((n, p) => n + p.size, 0);
  const bytes = new Uint8Array(rowSize * table.nrows);
  let offset = 0;
  for (const p of parts) {
    for (let r = 0; r < table.nrows; r++)
      bytes.set(p.bytes.subarray(r * p.size, (r + 1) * p.size), r * rowSize + offset);
    offset += p.size;
  }
  const fields: FieldType[] = parts.map((p) => ({
    name: p.column.name,
    datatype: p.datatype,
    byteorder: "little",
    shape: p.column.shape,
  }));
  return new AsdfArray({ datatype: fields, shape: [table.nrows], storage: { kind: "bytes", bytes } });
}

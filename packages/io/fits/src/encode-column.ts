import { type DType, dtypeOf, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import type { ColumnSpec } from "./specs.js";
import { offsetOf } from "./structure.js";
import { bytesOf, flipSign, swapBytes } from "./swap.js";
import type { ColumnType } from "./table.js";

/** A column as it will be in the file. */
export interface EncodedColumn {
  readonly spec: ColumnSpec;
  readonly tform: string;
  readonly tdim?: string;
  readonly tzero?: number | bigint;
  /** Bytes of a row. */
  readonly width: number;
  /** Write rows [start, end) into `rows`, which have `stride` bytes each, from byte `offset` of the row. */
  put(rows: Uint8Array, stride: number, offset: number, start: number, end: number): void;
  /** Heap bytes of a variable-length column. */
  readonly heap?: Uint8Array;
}

const CODES: Readonly<Record<Exclude<ColumnType, "string" | "bit">, { code: string; size: number }>> = {
  bool8: { code: "L", size: 1 },
  uint8: { code: "B", size: 1 },
  int8: { code: "B", size: 1 },
  int16: { code: "I", size: 2 },
  uint16: { code: "I", size: 2 },
  int32: { code: "J", size: 4 },
  uint32: { code: "J", size: 4 },
  int64: { code: "K", size: 8 },
  uint64: { code: "K", size: 8 },
  float32: { code: "E", size: 4 },
  float64: { code: "D", size: 8 },
  complex64: { code: "C", size: 8 },
  complex128: { code: "M", size: 16 },
};

function refuse(spec: ColumnSpec, text: string): ValidationError {
  return new ValidationError(`column "${spec.name}": ${text}`, { where: spec.name });
}

const isArray = (x: unknown): x is TypedArray => ArrayBuffer.isView(x);

function typeOf(spec: ColumnSpec): ColumnType {
  if (spec.dtype !== undefined) return spec.dtype;
  const { data } = spec;
  if (!Array.isArray(data)) return dtypeOf(data);
  const first = data.find((v) => isArray(v));
  return first !== undefined ? dtypeOf(first as TypedArray) : "string";
}

/** Bytes of numbers as FITS stores them; always a copy. */
function bigEndian(data: TypedArray, dtype: ColumnType): Uint8Array {
  const bytes = bytesOf(data).slice();
  if (dtype === "bool8") {
    for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] ? 84 : 70;
    return bytes;
  }
  const size = data.BYTES_PER_ELEMENT;
  if (offsetOf(dtype as DType) !== undefined) flipSign(bytes, size);
  swapBytes(bytes, size);
  return bytes;
}

function ascii(text: string, spec: ColumnSpec): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 255) throw refuse(spec, `${JSON.stringify(text.slice(0, 40))} holds characters that FITS cannot store`);
    out[i] = c;
  }
  return out;
}

function packBits(data: TypedArray, from: number, bits: number, out: Uint8Array): void {
  out.fill(0);
  for (let b = 0; b < bits; b++) if (data[from + b]) out[b >> 3] |= 128 >> (b & 7);
}

/** Copy `width` bytes per row of packed rows into interleaved ones. */
function putPacked(packed: Uint8Array, width: number): EncodedColumn["put"] {
  return (rows, stride, offset, start, end) => {
    for (let r = start, p = offset; r < end; r++, p += stride)
      if (width > 16) rows.set(packed.subarray(r * width, (r + 1) * width), p);
      else for (let i = 0; i < width; i++) rows[p + i] = packed[r * width + i];
  };
}

const tdimOf = (shape: readonly number[]): string => `(${[...shape].reverse().join(",")})`;

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Number of rows that a column has by itself; undefined when it cannot tell. */
export function rowsOf(spec: ColumnSpec): number | undefined {
  const per = spec.shape === undefined ? 1 : product(spec.shape);
  if (spec.variable) return spec.data.length;
  const dtype = typeOf(spec);
  const parts = dtype === "complex64" || dtype === "complex128" ? 2 : 1;
  return per === 0 || (spec.shape === undefined && !Array.isArray(spec.data))
    ? undefined
    : spec.data.length / (per * parts);
}

/**
 * @param heapBase - where in the heap this column's variable-length values start
 * @throws {ValidationError} when the data does not fit the description
 */
export function encodeColumn(spec: ColumnSpec, nrows: number, heapBase: number): EncodedColumn {
  const dtype = typeOf(spec);
  const { data } = spec;
  const mixed = Array.isArray(data) && data.some((v) => isArray(v));
  if (spec.variable || mixed) return encodeVariable(spec, dtype, nrows, heapBase);
  if (dtype === "string") return encodeStrings(spec, nrows);
  if (Array.isArray(data)) throw refuse(spec, `got strings, wanted ${dtype}`);
  const parts = dtype === "complex64" || dtype === "complex128" ? 2 : 1;
  const per = spec.shape === undefined ? (nrows === 0 ? 1 : data.length / nrows / parts) : product(spec.shape);
  const shape = spec.shape ?? (per === 1 ? [] : [per]);
  if (!Number.isInteger(per) || data.length !== nrows * per * parts)
    throw refuse(
      spec,
      `got ${data.length} elements, wanted ${nrows} rows of [${shape}]${parts === 2 ? " (re, im)" : ""}`,
    );
  const tdim = shape.length > (spec.tdim ? 0 : 1) ? tdimOf(shape) : undefined;
  if (dtype === "bit") {
    const width = Math.ceil(per / 8);
    const put: EncodedColumn["put"] = (rows, stride, offset, start, end) => {
      for (let r = start, p = offset; r < end; r++, p += stride)
        packBits(data, r * per, per, rows.subarray(p, p + width));
    };
    return { spec, tform: `${per}X`, tdim, width, put };
  }
  const { code, size } = CODES[dtype];
  if (data.BYTES_PER_ELEMENT * parts !== size) throw refuse(spec, `got ${dtypeOf(data)}, wanted ${dtype}`);
  const width = per * size;
  const tzero = offsetOf(dtype as DType);
  return {
    spec,
    tform: per === 1 ? code : `${per}${code}`,
    tdim,
    tzero,
    width,
    put: putPacked(bigEndian(data, dtype), width),
  };
}

function encodeStrings(spec: ColumnSpec, nrows: number): EncodedColumn {
  const data = spec.data as string[];
  const shape = spec.shape ?? [];
  const per = product(shape);
  if (!Array.isArray(data) || data.length !== nrows * per)
    throw refuse(spec, `got ${data.length} strings, wanted ${nrows} rows of [${shape}]`);
  let chars = spec.width ?? 1;
  for (const s of data) chars = Math.max(chars, s.length);
  const width = chars * per;
  const put: EncodedColumn["put"] = (rows, stride, offset, start, end) => {
    for (let r = start, p = offset; r < end; r++, p += stride)
      for (let j = 0; j < per; j++) {
        const bytes = ascii(data[r * per + j], spec);
        rows.fill(0, p + j * chars, p + (j + 1) * chars);
        rows.set(bytes, p + j * chars);
      }
  };
  return { spec, tform: `${width}A`, tdim: shape.length > 0 ? tdimOf([...shape, chars]) : undefined, width, put };
}

function encodeVariable(spec: ColumnSpec, dtype: ColumnType, nrows: number, heapBase: number): EncodedColumn {
  const values = spec.data as (TypedArray | string)[];
  if (!Array.isArray(values) || values.length !== nrows)
    throw refuse(spec, `got ${values.length} values, wanted one array or string for each of ${nrows} rows`);
  const { code, size } =
    dtype === "string" ? { code: "A", size: 1 } : dtype === "bit" ? { code: "X", size: 1 } : CODES[dtype];
  const pieces: Uint8Array[] = [];
  const counts = new Float64Array(nrows);
  const at = new Float64Array(nrows);
  let total = 0;
  let longest = 0;
  values.forEach((value, r) => {
    let bytes: Uint8Array;
    if (typeof value === "string") {
      if (dtype !== "string") throw refuse(spec, `row ${r} is a string, wanted ${dtype}`);
      bytes = ascii(value, spec);
    } else if (dtype === "bit") {
      bytes = new Uint8Array(Math.ceil(value.length / 8));
      packBits(value, 0, value.length, bytes);
    } else bytes = bigEndian(value, dtype);
    counts[r] = dtype === "bit" ? value.length : bytes.length / size;
    at[r] = total;
    longest = Math.max(longest, counts[r]);
    total += bytes.length;
    pieces.push(bytes);
  });
  const heap = new Uint8Array(total);
  pieces.forEach((piece, r) => {
    heap.set(piece, at[r]);
  });
  const wide = heapBase + total > 2 ** 31 - 1;
  const width = wide ? 16 : 8;
  const put: EncodedColumn["put"] = (rows, stride, offset, start, end) => {
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
    for (let r = start, p = offset; r < end; r++, p += stride)
      if (wide) {
        view.setBigInt64(p, BigInt(counts[r]));
        view.setBigInt64(p + 8, BigInt(heapBase + at[r]));
      } else {
        view.setInt32(p, counts[r]);
        view.setInt32(p + 4, heapBase + at[r]);
      }
  };
  const tform = `${wide ? "Q" : "P"}${code}(${longest})`;
  return { spec, tform, tzero: offsetOf(dtype as DType), width, put, heap };
}

import { allocate, type DType, NdArray, type TypedArray } from "@calwebb/array";
import { type ByteOrder, type DataType, isStructured, isText, itemSize, type NumericType } from "./datatype.js";

/** Values of a structured array by member: arrays of numbers, or texts in row-major order. */
export type Fields = Record<string, NdArray | string[]>;

/** Elements of one type laid out in some bytes. */
export interface Layout {
  bytes: Uint8Array;
  /** Position of element (0, 0, ...). */
  start: number;
  shape: readonly number[];
  /** Bytes from one element to the next, per axis. */
  strides: readonly number[];
  byteorder: ByteOrder;
}

/** Strides in bytes of a row-major array. */
export function contiguousStrides(shape: readonly number[], itemsize: number): number[] {
  const out = new Array<number>(shape.length);
  let step = itemsize;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = step;
    step *= shape[i];
  }
  return out;
}

/** How values are kept in memory: half floats widen, a complex number is two floats on a new last axis. */
export function memoryType(type: NumericType): { dtype: DType; parts: 1 | 2; stored: number } {
  if (type === "float16") return { dtype: "float32", parts: 1, stored: 2 };
  if (type === "complex64") return { dtype: "float32", parts: 2, stored: 4 };
  if (type === "complex128") return { dtype: "float64", parts: 2, stored: 8 };
  return { dtype: type, parts: 1, stored: itemSize(type) };
}

/** Swap the bytes of every `size`-byte word in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  for (let i = 0; i + size <= bytes.length; i += size)
    for (let a = i, b = i + size - 1; a < b; a++, b--) {
      const t = bytes[a];
      bytes[a] = bytes[b];
      bytes[b] = t;
    }
}

function half(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 31;
  const fraction = word & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : sign * 2 ** -14 * (fraction / 1024);
}

/** Call `visit` with the position of every element in row-major order. */
function eachPosition(layout: Layout, visit: (position: number, index: number) => void): void {
  const { shape, strides } = layout;
  const n = shape.reduce((a, b) => a * b, 1);
  const at = new Array<number>(shape.length).fill(0);
  let position = layout.start;
  for (let i = 0; i < n; i++) {
    visit(position, i);
    for (let a = shape.length - 1; a >= 0; a--) {
      position += strides[a];
      if (++at[a] < shape[a]) break;
      position -= strides[a] * shape[a];
      at[a] = 0;
    }
  }
}

/** Decode numbers into a new array in native byte order. */
export function decodeNumbers(type: NumericType, layout: Layout): NdArray {
  const { dtype, parts, stored } = memoryType(type);
  const n = layout.shape.reduce((a, b) => a * b, 1);
  const data = allocate(dtype, n * parts);
  const shape = parts === 2 ? [...layout.shape, 2] : [...layout.shape];
  const size = stored * parts;
  const words = new Uint8Array(n * size);
  eachPosition(layout, (position, index) => {
    for (let b = 0, o = index * size; b < size; b++) words[o + b] = layout.bytes[position + b];
  });
  if (layout.byteorder === "big") swapBytes(words, stored);
  if (type === "float16") {
    const view = new DataView(words.buffer);
    for (let i = 0; i < n; i++) data[i] = half(view.getUint16(2 * i, true));
  } else bytesOf(data).set(words);
  return new NdArray(data, shape);
}

/** The memory of a typed array as bytes. */
export function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** Decode texts in row-major order, without the zeros that fill them up. */
export function decodeText(type: readonly ["ascii" | "ucs4", number], layout: Layout): string[] {
  const [kind, length] = type;
  const view = new DataView(layout.bytes.buffer, layout.bytes.byteOffset, layout.bytes.byteLength);
  const little = layout.byteorder === "little";
  const out: string[] = [];
  eachPosition(layout, (position) => {
    let text = "";
    for (let i = 0; i < length; i++) {
      const code = kind === "ascii" ? layout.bytes[position + i] : view.getUint32(position + 4 * i, little);
      text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    }
    out.push(text.replace(/\0+$/, ""));
  });
  return out;
}

/** Decode every member of a structured array; a member of a structured member is named `outer.inner`. */
export function decodeFields(type: DataType, layout: Layout, prefix = "", out: Fields = {}): Fields {
  if (!isStructured(type)) return out;
  let start = layout.start;
  for (const field of type) {
    const size = itemSize(field.datatype);
    const inner: Layout = {
      bytes: layout.bytes,
      start,
      shape: [...layout.shape, ...field.shape],
      strides: [...layout.strides, ...contiguousStrides(field.shape, size)],
      byteorder: field.byteorder,
    };
    const name = prefix + field.name;
    if (isStructured(field.datatype)) decodeFields(field.datatype, inner, `${name}.`, out);
    else if (isText(field.datatype)) out[name] = decodeText(field.datatype, inner);
    else out[name] = decodeNumbers(field.datatype, inner);
    start += size * field.shape.reduce((a, b) => a * b, 1);
  }
  return out;
}

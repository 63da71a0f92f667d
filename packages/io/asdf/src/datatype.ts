import type { DType } from "@calwebb/array";
import { isMapping } from "./tree.js";

export type ByteOrder = "big" | "little";

/** Element types of arrays that are not text. */
export type NumericType = DType | "float16" | "complex64" | "complex128";

/** A text element of fixed length: `["ascii", 8]`. */
export type TextType = readonly ["ascii" | "ucs4", number];

/** A member of a structured element. */
export interface FieldType {
  readonly name: string;
  readonly datatype: DataType;
  readonly byteorder: ByteOrder;
  /** Shape of the member's own array; empty for one value. */
  readonly shape: readonly number[];
}

export type DataType = NumericType | TextType | readonly FieldType[];

const SIZES: Record<NumericType, number> = {
  bool8: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
};

export const isText = (type: DataType): type is TextType => Array.isArray(type) && typeof type[0] === "string";
export const isStructured = (type: DataType): type is readonly FieldType[] => Array.isArray(type) && !isText(type);

/** Bytes of one element. */
export function itemSize(type: DataType): number {
  if (typeof type === "string") return SIZES[type];
  if (isText(type)) return type[0] === "ascii" ? type[1] : 4 * type[1];
  let n = 0;
  for (const field of type) n += itemSize(field.datatype) * field.shape.reduce((a, b) => a * b, 1);
  return n;
}

/** Check an axis list; the first may be `*` in a streamed array, which is given as -1. */
export function parseShape(value: unknown): number[] | undefined {
  if (!Array.isArray(value) || value.length > 64) return undefined;
  const out: number[] = [];
  for (let i = 0; i < value.length; i++) {
    if (i === 0 && value[i] === "*") out.push(-1);
    else if (Number.isSafeInteger(value[i]) && value[i] >= 0) out.push(value[i]);
    else return undefined;
  }
  return out;
}

/**
 * Read the `datatype` of an array node.
 * @returns undefined when it is none that the standard knows
 */
export function parseDataType(value: unknown, byteorder: ByteOrder, depth = 0): DataType | undefined {
  if (typeof value === "string") return Object.hasOwn(SIZES, value) ? (value as NumericType) : undefined;
  if (!Array.isArray(value) || depth > 8) return undefined;
  if (value.length === 2 && (value[0] === "ascii" || value[0] === "ucs4"))
    return Number.isSafeInteger(value[1]) && value[1] >= 0 && value[1] < 2 ** 31 ? [value[0], value[1]] : undefined;
  const fields: FieldType[] = [];
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i];
    const given = isMapping(item) ? item : { datatype: item };
    const order = given.byteorder === "little" || given.byteorder === "big" ? given.byteorder : byteorder;
    const datatype = parseDataType(given.datatype, order, depth + 1);
    const shape = given.shape === undefined ? [] : parseShape(given.shape);
    if (datatype === undefined || shape === undefined || shape[0] === -1) return undefined;
    fields.push({
      name: typeof given.name === "string" ? given.name : `f${i}`,
      datatype,
      byteorder: order,
      shape,
    });
  }
  return fields.length ? fields : undefined;
}

/** The node that `parseDataType` reads. */
export function dataTypeNode(type: DataType): unknown {
  if (typeof type === "string") return type;
  if (isText(type)) return [...type];
  return type.map((f) => ({
    name: f.name,
    datatype: dataTypeNode(f.datatype),
    byteorder: f.byteorder,
    ...(f.shape.length ? { shape: [...f.shape] } : {}),
  }));
}

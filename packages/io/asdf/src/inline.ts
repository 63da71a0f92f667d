import { allocate, type DType, NdArray } from "@calwebb/array";
import { type FieldType, isStructured, isText, type NumericType } from "./datatype.js";
import { type Fields, memoryType } from "./decode.js";
import { formatError } from "./error.js";
import { AsdfComplex, isFloat } from "./tree.js";

/** Shape of a nested list, down to `deepest` axes, below which elements may be lists; undefined when it is ragged. */
export function inlineShape(data: unknown, deepest?: number): number[] | undefined {
  const shape: number[] = [];
  for (let node = data; Array.isArray(node) && shape.length !== deepest; node = node[0]) {
    shape.push(node.length);
    if (shape.length > 64) return undefined;
  }
  const fits = (node: unknown, depth: number): boolean => {
    if (depth === shape.length) return depth === deepest || !Array.isArray(node);
    return Array.isArray(node) && node.length === shape[depth] && node.every((item) => fits(item, depth + 1));
  };
  return fits(data, 0) ? shape : undefined;
}

/** Call `visit` with every leaf of a nested list and whether it is a float. */
export function eachLeaf(data: unknown, visit: (value: unknown, float: boolean) => void): void {
  if (!Array.isArray(data)) {
    visit(data, typeof data === "number" && !Number.isInteger(data));
    return;
  }
  for (let i = 0; i < data.length; i++) {
    const item: unknown = data[i];
    if (Array.isArray(item)) eachLeaf(item, visit);
    else visit(item, typeof item === "number" && (!Number.isInteger(item) || isFloat(data, i)));
  }
}

/** Element type of a nested list that does not say: the narrowest of the peer's that holds every leaf. */
export function inferType(data: unknown): NumericType | "text" {
  let rank = -1;
  let text = false;
  eachLeaf(data, (value, float) => {
    if (typeof value === "string") text = true;
    else if (value instanceof AsdfComplex) rank = Math.max(rank, 3);
    else if (float || value === null) rank = Math.max(rank, 2);
    else if (typeof value === "boolean") rank = Math.max(rank, 0);
    else rank = Math.max(rank, 1);
  });
  if (text) return "text";
  return (["bool8", "int64", "float64", "complex128"] as const)[rank] ?? "float64";
}

/** The numbers of a nested list; null becomes NaN (0 in an integer array). */
export function inlineNumbers(data: unknown, type: NumericType, shape: readonly number[], file: string): NdArray {
  const { dtype, parts } = memoryType(type);
  const n = shape.reduce((a, b) => a * b, 1);
  const out = allocate(dtype, n * parts);
  const put = setter(out, dtype);
  let i = 0;
  eachLeaf(data, (value) => {
    if (value instanceof AsdfComplex && parts === 2) {
      put(i++, value.re);
      put(i++, value.im);
      return;
    }
    if (typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean" && value !== null)
      throw formatError(file, `an inline ${type} array has a member that is not a number: ${String(value)}`);
    put(i++, value === null ? Number.NaN : typeof value === "boolean" ? Number(value) : value);
    if (parts === 2) put(i++, 0);
  });
  return new NdArray(out, parts === 2 ? [...shape, 2] : [...shape]);
}

/** Every member of a structured array that is written as lists; a member of a structured member is named `outer.inner`. */
export function inlineFields(
  type: readonly FieldType[],
  data: unknown,
  shape: readonly number[],
  file: string,
): Fields {
  let elements = [data];
  for (let axis = 0; axis < shape.length; axis++) elements = elements.flat(1);
  const out: Fields = {};
  for (const [k, field] of type.entries()) {
    const values = elements.map((element) => (Array.isArray(element) ? element[k] : undefined));
    const all = [...shape, ...field.shape];
    const found = inlineShape(values, isStructured(field.datatype) ? 1 + field.shape.length : undefined);
    if (values.includes(undefined) || (values.length > 0 && found?.slice(1).join() !== field.shape.join()))
      throw formatError(file, `a structured array in the tree has elements without a member ${field.name}`, {
        wanted: `shape [${field.shape}]`,
      });
    if (isStructured(field.datatype)) {
      const inner = inlineFields(field.datatype, values, [values.length, ...field.shape], file);
      for (const [name, member] of Object.entries(inner))
        out[`${field.name}.${name}`] = Array.isArray(member)
          ? member
          : new NdArray(member.flat(), [...all, ...member.shape.slice(1 + field.shape.length)]);
    } else if (isText(field.datatype)) {
      const texts: string[] = [];
      eachLeaf(values, (value) => texts.push(String(value)));
      out[field.name] = texts;
    } else out[field.name] = inlineNumbers(values, field.datatype, all, file);
  }
  return out;
}

function setter(out: { [i: number]: number | bigint }, dtype: DType): (i: number, value: number | bigint) => void {
  if (dtype === "int64" || dtype === "uint64")
    return (i, value) => {
      out[i] = typeof value === "bigint" ? value : Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
    };
  return (i, value) => {
    out[i] = Number(value);
  };
}

/** A nested list with the values of an array, for writing it inside the tree. */
export function toNested(array: NdArray): unknown {
  const build = (axis: number, offset: number): unknown => {
    if (axis === array.shape.length) return array.data[offset];
    const list: unknown[] = [];
    for (let i = 0; i < array.shape[axis]; i++) list.push(build(axis + 1, offset + i * array.stride[axis]));
    return list;
  };
  return build(0, array.offset);
}

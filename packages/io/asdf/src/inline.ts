import { allocate, type DType, NdArray } from "@calwebb/array";
import type { NumericType } from "./datatype.js";
import { memoryType } from "./decode.js";
import { formatError } from "./error.js";
import { AsdfComplex, isFloat } from "./tree.js";

/** Shape of a nested list; undefined when it is ragged. */
export function inlineShape(data: unknown): number[] | undefined {
  const shape: number[] = [];
  for (let node = data; Array.isArray(node); node = node[0]) {
    shape.push(node.length);
    if (shape.length > 64) return undefined;
  }
  const fits = (node: unknown, depth: number): boolean => {
    if (depth === shape.length) return !Array.isArray(node);
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

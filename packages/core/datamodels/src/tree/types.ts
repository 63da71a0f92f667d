import { NdArray } from "@calwebb/array";
import { Cell } from "./cell.js";

/** A mapping of the tree as it is stored: plain objects, lists, scalars, arrays, tables, and cells for what is still in the file. */
export type TreeObject = Record<string, unknown>;

/** Whether a value is a mapping of the tree, as opposed to a scalar, an array, a table or a value of some class. */
export function isTreeObject(value: unknown): value is TreeObject {
  if (typeof value !== "object" || value === null) return false;
  const proto = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

export function isNdArray(value: unknown): value is NdArray {
  return (
    value instanceof NdArray ||
    (typeof value === "object" && value !== null && "stride" in value && "shape" in value && "data" in value)
  );
}

export function isCell(value: unknown): value is Cell {
  return value instanceof Cell;
}

/** Pairs of an object's own members; a missing or inherited name never counts. */
export function own(tree: TreeObject, name: string): unknown {
  return Object.hasOwn(tree, name) ? tree[name] : undefined;
}

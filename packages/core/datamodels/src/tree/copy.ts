import type { NdArray } from "@calwebb/array";
import { copyTable, isTable } from "../table.js";
import { isCell, isNdArray, isTreeObject, type TreeObject } from "./types.js";

/**
 * A copy of a tree. Cells are shared: each tree reads on its own. Values of other classes (WCS objects, ASDF nodes) are
 * taken as immutable.
 * @param arrays - whether arrays and tables get their own memory
 */
export function copyTree(tree: TreeObject, arrays: boolean): TreeObject {
  const out: TreeObject = {};
  for (const name of Object.keys(tree)) out[name] = copyValue(tree[name], arrays);
  return out;
}

export function copyValue(value: unknown, arrays: boolean): unknown {
  if (isCell(value)) return value;
  if (isNdArray(value)) return arrays ? (value as NdArray).copy() : value;
  if (ArrayBuffer.isView(value)) return arrays ? (value as Uint8Array).slice() : value;
  if (isTable(value)) return arrays ? copyTable(value) : value;
  if (Array.isArray(value)) return value.map((v) => copyValue(v, arrays));
  if (isTreeObject(value)) return copyTree(value, arrays);
  return value;
}

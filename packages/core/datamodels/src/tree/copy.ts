import type { NdArray } from "@calwebb/array";
import { cloneTree } from "@calwebb/asdf";
import { copyTable, isTable } from "../table.js";
import { isCell, isNdArray, type TreeObject } from "./types.js";

/** Arrays, tables and typed arrays with their own memory; other objects (cells, WCS objects) as they are. */
function ownMemory(value: object): object {
  if (isCell(value)) return value;
  if (isNdArray(value)) return (value as NdArray).copy();
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice();
  return isTable(value) ? copyTable(value) : value;
}

/**
 * A copy of a tree or a part of one, with its ASDF tags. Cells are shared: each tree reads on its own. Values of other
 * classes are taken as immutable.
 * @param arrays - whether arrays and tables get their own memory
 */
export function copyValue<T>(value: T, arrays: boolean): T {
  return arrays ? cloneTree(value, ownMemory) : cloneTree(value);
}

export function copyTree(tree: TreeObject, arrays: boolean): TreeObject {
  return copyValue(tree, arrays);
}

import { isTable } from "../table.js";
import { isCell, isNdArray, own, type TreeObject } from "./types.js";

/** Whether a mapping has an array of that name, in memory or still in the file. */
export function hasArrayAt(tree: TreeObject, name: string): boolean {
  const value = own(tree, name);
  return isCell(value) ? !value.isTable : isNdArray(value);
}

export function hasTableAt(tree: TreeObject, name: string): boolean {
  const value = own(tree, name);
  return isCell(value) ? value.isTable : isTable(value);
}

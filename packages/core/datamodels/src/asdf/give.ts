import type { NdArray } from "@calwebb/array";
import { AsdfArray, type DataType, type FieldType, isFloat, markFloat, setTag } from "@calwebb/asdf";
import type { SchemaNode } from "../schema/decode.js";
import { isTable, type Table, type TableColumn } from "../table.js";
import { longestText, textWidth } from "../tree/text-width.js";
import { isCell, isNdArray, isTreeObject, type TreeObject } from "../tree/types.js";
import { AsdfCell, AsdfTableCell } from "./cells.js";
import { packTable } from "./structured.js";

const CORE = "tag:stsci.edu:asdf/core/";

/** Link and shape of an array of the tree that is kept elsewhere; undefined when it belongs into the ASDF file. */
export type PlaceOf = (tree: TreeObject, name: string, value: unknown) => AsdfArray | undefined;

function fieldType(column: TableColumn): FieldType {
  const datatype: DataType =
    column.dtype === "string"
      ? ["ascii", textWidth(column) ?? longestText(column)]
      : column.dtype === "bit"
        ? "bool8"
        : column.dtype;
  return { name: column.name, datatype, byteorder: "big", shape: column.shape };
}

/** A link to a table in an HDU. */
export function linkTable(link: string, table: Table): AsdfArray {
  return AsdfArray.link(link, table.columns.map(fieldType), [table.nrows]);
}

/** The tree of a model as it is written to ASDF: empty branches left out, arrays in place of cells, floats marked. */
export async function giveTree(tree: TreeObject, schema: SchemaNode | undefined, place: PlaceOf): Promise<TreeObject> {
  const out: TreeObject = {};
  for (const name of Object.keys(tree)) {
    const value = tree[name];
    if (value === undefined || value === null) continue;
    const child = schema?.kind === "object" ? schema.child(name) : undefined;
    const given = await giveValue(tree, name, value, child, place);
    if (given === undefined) continue;
    if (isTreeObject(given) && Object.keys(given).length === 0 && child?.kind === "object") continue;
    if (Array.isArray(given) && given.length === 0 && child?.kind === "list") continue;
    out[name] = given;
    const float = isFloat(tree, name) || (child?.kind === "leaf" && child.type === "number");
    if (float && typeof given === "number") markFloat(out, name);
  }
  return out;
}

async function giveValue(
  tree: TreeObject,
  name: string,
  value: unknown,
  schema: SchemaNode | undefined,
  place: PlaceOf,
): Promise<unknown> {
  const placed = place(tree, name, value);
  if (placed !== undefined) return placed;
  if (value instanceof AsdfCell || value instanceof AsdfTableCell) return value.array;
  if (isCell(value)) return giveValue(tree, name, await value.load(), schema, place);
  if (isTable(value)) return packTable(value);
  if (isNdArray(value)) return value as NdArray;
  if (Array.isArray(value) && value.some(isTreeObject)) {
    const item = schema?.kind === "list" ? schema.item : undefined;
    const list: unknown[] = [];
    for (const v of value) list.push(isTreeObject(v) ? await giveTree(v, item, place) : v);
    return list;
  }
  // Outside the schema a mapping is written as it is, with the tags and number formats it was read with.
  if (isTreeObject(value) && (schema?.kind === "object" || holdsCells(value))) return giveTree(value, schema, place);
  return value;
}

function holdsCells(tree: TreeObject): boolean {
  return Object.values(tree).some((v) => isCell(v) || isTable(v) || (isTreeObject(v) && holdsCells(v)));
}

/** History entries of the tree. */
export function giveHistory(history: readonly string[]): TreeObject | undefined {
  if (history.length === 0) return undefined;
  return { entries: history.map((description) => setTag({ description }, `${CORE}history_entry-1.0.0`)) };
}

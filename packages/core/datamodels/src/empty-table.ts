import { ValidationError } from "@calwebb/errors";
import { wantModelInfo } from "./create.js";
import type { ModelName } from "./generated/types.js";
import type { SchemaNode } from "./schema/decode.js";
import type { Table } from "./table.js";
import { emptyTable as make } from "./tree/cast-table.js";

/**
 * A table with the columns that a model class wants: `emptyTable("SpecModel", "spec_table", 100)`,
 * `emptyTable("MultiSpecModel", "spec.spec_table", 100)`. Numbers are 0 (or the schema's default), texts empty.
 * @param path - dotted path of the table; list items need no index
 */
export function emptyTable(model: ModelName, path: string, nrows: number): Table {
  let node: SchemaNode | undefined = wantModelInfo(model).root;
  for (const part of path.split(".")) {
    if (node?.kind === "list") node = node.item;
    node = node?.kind === "object" ? node.child(part) : undefined;
  }
  if (node?.kind !== "table") throw new ValidationError(`${path} of ${model} is not a table`, { where: path });
  return make(node, nrows);
}

import { ValidationError } from "@calwebb/errors";
import type { TableSchema } from "../schema/decode.js";
import { isTable, type Table } from "../table.js";

/** An assigned value as a table with the schema's column types. @throws {ValidationError} when it is no table */
export function castTable(path: string, value: unknown, _schema: TableSchema): Table {
  if (!isTable(value)) throw new ValidationError(`${path}: wanted a table, got ${typeof value}`, { where: path });
  return value;
}

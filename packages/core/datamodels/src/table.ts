import { dtypeOf, type TypedArray } from "@calwebb/array";
import { type ColumnData, Table, type TableColumn } from "@calwebb/fits";

export type { ColumnData, ColumnInfo, TableColumn } from "@calwebb/fits";
export { Table } from "@calwebb/fits";

/** Whether a value is a table, also one made by another copy of the library. */
export function isTable(value: unknown): value is Table {
  return (
    value instanceof Table || (typeof value === "object" && value !== null && "nrows" in value && "columns" in value)
  );
}

/** The values of a column with their own memory. */
export function copyColumnData(data: ColumnData): ColumnData {
  if (!Array.isArray(data)) return data.slice() as TypedArray;
  return data.map((v) => (typeof v === "string" ? v : v.slice())) as ColumnData;
}

/** A copy with its own columns. */
export function copyTable(table: Table): Table {
  return new Table(
    table.nrows,
    table.columns.map((c): TableColumn => ({ ...c, data: copyColumnData(c.data) })),
  );
}

/**
 * A table of columns given by name: typed arrays (several elements per row make array-valued columns) or strings. All
 * columns have as many rows as the shortest one has elements.
 */
export function tableFrom(columns: Readonly<Record<string, TypedArray | readonly string[]>>): Table {
  const entries = Object.entries(columns);
  const nrows = entries.length === 0 ? 0 : Math.min(...entries.map(([, data]) => data.length));
  return new Table(
    nrows,
    entries.map(([name, data]): TableColumn => {
      const per = nrows === 0 ? 1 : data.length / nrows;
      const shape = per === 1 ? [] : [per];
      if (!ArrayBuffer.isView(data)) return { name, dtype: "string", shape, variable: false, data: [...data] };
      return { name, dtype: dtypeOf(data), shape, variable: false, data };
    }),
  );
}

import type { TypedArray } from "@calwebb/array";

/** A table of a model. */
export interface Table {
  readonly nrows: number;
  readonly columns: ReadonlyMap<string, TypedArray | string[]>;
}

/** Whether a value is a table. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && "nrows" in value && "columns" in value;
}

/** A copy with its own columns. */
export function copyTable(table: Table): Table {
  const columns = new Map([...table.columns].map(([name, values]) => [name, values.slice() as TypedArray | string[]]));
  return { nrows: table.nrows, columns };
}

/** A table of columns given by name; all must have the same length. */
export function tableFrom(columns: Readonly<Record<string, TypedArray | string[]>>): Table {
  const entries = Object.entries(columns);
  const nrows = entries.length ? entries[0][1].length : 0;
  for (const [name, values] of entries)
    if (values.length !== nrows)
      throw new RangeError(`column ${name} has ${values.length} rows, ${entries[0][0]} has ${nrows}`);
  return { nrows, columns: new Map(entries) };
}

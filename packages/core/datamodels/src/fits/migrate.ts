import { Table, type TableColumn } from "../table.js";

/** Add columns that older files do not have, filled with NaN. */
function addColumns(...names: string[]): (table: Table) => Table {
  return (table) => {
    const missing = names.filter((name) => !table.has(name));
    if (missing.length === 0) return table;
    const added = missing.map(
      (name): TableColumn => ({
        name,
        dtype: "float64",
        shape: [],
        variable: false,
        data: new Float64Array(table.nrows).fill(Number.NaN),
      }),
    );
    return new Table(table.nrows, [...table.columns, ...added]);
  };
}

const MIGRATIONS: Readonly<Record<string, (table: Table) => Table>> = {
  // Moving-target tables before build 11.1 have no V2 and V3.
  "Level1bModel:MOVING_TARGET_POSITION": addColumns("mt_v2", "mt_v3"),
};

/** How a table of an older layout is brought to the present one. */
export function migrationOf(model: string, hdu: string): ((table: Table) => Table) | undefined {
  return MIGRATIONS[`${model}:${hdu}`];
}

import { ValidationError } from "@calwebb/errors";

/** As much of a table as matching needs. */
export interface RowTable {
  readonly nrows: number;
  readonly names: readonly string[];
  strings(name: string): readonly string[];
}

/**
 * The row of a table whose columns have given values, regardless of case; undefined when there is none.
 * @throws {ValidationError} when several rows match, or a column is missing
 */
export function findRow(table: RowTable, wanted: Readonly<Record<string, string | undefined>>): number | undefined {
  const entries = Object.entries(wanted).map(([name, value]) => ({ values: table.strings(name), value }));
  const found: number[] = [];
  for (let row = 0; row < table.nrows; row++)
    if (entries.every(({ values, value }) => values[row].trim().toUpperCase() === value?.toUpperCase()))
      found.push(row);
  if (found.length > 1)
    throw new ValidationError(`${found.length} rows of the photom reference match ${describe(wanted)}; wanted one`, {
      where: "phot_table",
      got: `${found.length} rows`,
      wanted: "one row",
    });
  return found[0];
}

/** `filter F150W, pupil CLEAR` */
export function describe(wanted: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(wanted)
    .map(([name, value]) => `${name} ${value ?? "(not set)"}`)
    .join(", ");
}

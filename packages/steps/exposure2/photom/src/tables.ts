import type { Model, Table } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { type Coefficients, exponentialFactor, linearFactor, powerLawFactor } from "./kernel.js";

/** The tables that photom references of every imager have. */
export interface PhotomTables {
  readonly phot_table: Table;
  readonly ageing: readonly { readonly table: Table; readonly factor: (mjd: number, c: Coefficients) => number }[];
}

const AGEING = [
  ["timecoeff_linear", linearFactor],
  ["timecoeff_exponential", exponentialFactor],
  ["timecoeff_powerlaw", powerLawFactor],
] as const;
/** Columns that say which exposures a row is for. */
const SELECTORS = ["filter", "pupil", "subarray"];

function tableOf(photom: Model, name: string): Table | undefined {
  return photom.hasTable(name) ? (photom.get(name) as Table) : undefined;
}

/** Whether a table of coefficients has the rows of the main table, in their order. */
function matches(main: Table, other: Table): boolean {
  if (main.nrows !== other.nrows) return false;
  return SELECTORS.every((name) => {
    if (!main.has(name) || !other.has(name)) return true;
    const values = other.strings(name);
    return main.strings(name).every((v, i) => v.trim() === values[i].trim());
  });
}

/**
 * The tables of a photom reference.
 * @throws {ValidationError} without a table of conversion factors, or when a table of time dependence has other rows
 */
export function tablesOf(photom: Model): PhotomTables {
  const file = photom.meta.filename;
  const phot_table = tableOf(photom, "phot_table");
  if (phot_table === undefined)
    throw new ValidationError(`the photom reference ${file ?? photom.modelType} has no table of conversion factors`, {
      file,
      where: "PHOTOM",
    });
  const ageing = [];
  for (const [name, factor] of AGEING) {
    const table = tableOf(photom, name);
    if (table === undefined) continue;
    if (!matches(phot_table, table))
      throw new ValidationError(`${file ?? photom.modelType}: the rows of ${name} are not those of phot_table`, {
        file,
        where: name.toUpperCase(),
      });
    ageing.push({ table, factor });
  }
  return { phot_table, ageing };
}

/**
 * Sensitivity at the time of an exposure relative to that of the table; 1 when the reference knows no dependence on time.
 * @param mjd - EXPMID
 * @throws {ValidationError} when it is needed but not known
 */
export function sensitivity({ ageing }: PhotomTables, row: number, mjd: number | undefined): number {
  let out = 1;
  for (const { table, factor } of ageing) {
    if (mjd === undefined)
      throw new ValidationError("the exposure has no EXPMID, which the correction for its date needs", {
        where: "EXPMID",
      });
    const c: Record<string, number> = {};
    for (const column of table.columns)
      if (!Array.isArray(column.data)) c[column.name.toLowerCase()] = Number(column.data[row]);
    out *= factor(mjd, c);
  }
  return out;
}

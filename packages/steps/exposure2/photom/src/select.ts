import type { Model, Table } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { Logger } from "@calwebb/stpipe";
import { describe, findRow } from "./kernel.js";

type Wanted = Record<string, string | undefined>;

/** What the row of an exposure has to say, in the order of trying. */
function wantedRows(model: Model, table: Table): Wanted[] {
  const { instrument, subarray } = model.meta;
  const { filter, pupil } = instrument;
  switch (instrument.name?.toUpperCase()) {
    case "MIRI":
      return [
        { subarray: subarray.name, filter },
        // Old references have rows for any subarray.
        { subarray: "GENERIC", filter },
      ];
    case "NIRCAM":
      return [{ filter, pupil, ...(table.has("subarray") ? { subarray: subarray.name } : {}) }];
    default:
      return [{ filter, pupil }];
  }
}

/**
 * The row of the conversion factor of an exposure; undefined (with a warning) when there is none. FGS has no filters: its only row.
 * @throws {ValidationError} when several rows match or an FGS table is empty
 */
export function selectRow(model: Model, table: Table, log: Logger): number | undefined {
  if (model.meta.instrument.name?.toUpperCase() === "FGS") {
    if (table.nrows === 0) throw new ValidationError("the photom reference has no rows", { where: "phot_table" });
    return 0;
  }
  for (const wanted of wantedRows(model, table)) {
    const row = findRow(table, wanted);
    if (row !== undefined) return row;
    log.warn(`no row of the photom reference matches ${describe(wanted)}`);
  }
  return undefined;
}

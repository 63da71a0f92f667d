import type { RSCDModel, Table } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { DecayRow } from "./kernel.js";

const COLUMNS = [
  "tau",
  "ascale",
  "pow",
  "illum_zp",
  "illum_slope",
  "illum2",
  "param3",
  "crossopt",
  "sat_zp",
  "sat_slope",
  "sat2",
  "sat_mzp",
  "sat_rowterm",
  "sat_scale",
] as const;

/** Subarray under which the tables list an exposure; an old name of the slitless prism subarray is replaced. */
export function tableSubarray(name: string | undefined): string {
  return name?.toUpperCase() === "SUBPRISM" ? "SLITLESSPRISM" : (name ?? "");
}

/** How many groups to flag: [first integration, later ones]; undefined when the mode is not in the table. */
export function groupsToSkip(table: Table, subarray: string, readpatt: string): [number, number] | undefined {
  const subarrays = table.strings("subarray");
  const patterns = table.strings("readpatt");
  for (let i = 0; i < table.nrows; i++)
    if (subarrays[i].trim() === subarray && patterns[i].trim() === readpatt)
      return [Number(table.cell("group_skip1", i)), Number(table.cell("group_skip", i))];
  return undefined;
}

/** The table of the decay correction, an HDU "RSCD" that the model of today's references does not know. */
function decayTable(reference: RSCDModel): Table {
  const found = reference.extraFits["RSCD"]?.data as Table | undefined;
  if (found === undefined || typeof found.strings !== "function")
    throw new ValidationError(
      "the RSCD reference has no table RSCD with decay parameters; use a reference that has one, or algorithm=flag",
      { where: "RSCD" },
    );
  return found;
}

/**
 * Decay parameters of even and odd rows; undefined when the mode is not in the table. Read patterns are listed as FAST and
 * SLOW; FASTR1 and SLOWR1 are looked for by their own name first.
 */
export function decayRows(
  reference: RSCDModel,
  subarray: string,
  readpatt: string,
): { even: DecayRow; odd: DecayRow } | undefined {
  const table = decayTable(reference);
  const names = [readpatt, readpatt.replace(/R\d+$|GRP.*$/, "")];
  for (const pattern of names) {
    const even = decayRow(table, subarray, pattern, "EVEN");
    const odd = decayRow(table, subarray, pattern, "ODD");
    if (even !== undefined && odd !== undefined) return { even, odd };
  }
  return undefined;
}

function decayRow(table: Table, subarray: string, readpatt: string, rows: string): DecayRow | undefined {
  const subarrays = table.strings("subarray");
  const patterns = table.strings("readpatt");
  const kinds = table.strings("rows");
  for (let i = 0; i < table.nrows; i++) {
    if (subarrays[i].trim() !== subarray || patterns[i].trim() !== readpatt) continue;
    if (kinds[i].trim().toUpperCase() !== rows) continue;
    return Object.fromEntries(COLUMNS.map((name) => [name, Number(table.cell(name, i))])) as unknown as DecayRow;
  }
  return undefined;
}

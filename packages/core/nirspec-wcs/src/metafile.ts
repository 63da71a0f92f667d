import { isTable, type Model, type Table } from "@calwebb/datamodels";
import { CalwebbError, ValidationError } from "@calwebb/errors";
import { FIXED_QUADRANT, FIXED_SLITS, fixedSlitId, isFixedSlit, makeSlit, type Slit, type SlitRange } from "./slits.js";

/** Shutters of a row of a quadrant. */
export const SHUTTERS_PER_ROW = 365;

/** Pitch over size of an open shutter where the reference does not say. */
const SCALES: readonly [number, number] = [1.35, 1.15];
/** Rows of shutters are this far apart, in heights of an open shutter. */
const PITCH = 1.15;
/** Light beyond the edges of a slitlet that still counts, in heights of an open shutter. */
const MARGIN = 0.5;

/** The MSA metadata file is missing, unreadable or contradictory: the open shutters are unknown. */
export class MsaFileError extends ValidationError {
  readonly msa = true as const;
}

/** Whether an error says that the open shutters are unknown; also of another installed copy. */
export function isMsaFileError(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  if ((error as { msa?: unknown }).msa === true) return true;
  return error instanceof CalwebbError && error.cause !== undefined && isMsaFileError(error.cause);
}

/** A shutter of the metadata file. */
interface Shutter {
  slitlet: number;
  quadrant: number;
  row: number;
  column: number;
  source: number;
  background: string;
  x: number;
  y: number;
  primary: boolean;
  fixed: string;
}

/** A source of the metadata file. */
interface Source {
  id: number;
  name: string;
  alias: string;
  stellarity: number;
  ra: number;
  dec: number;
}

/** What of the file belongs to one exposure. */
export interface Selection {
  /** MSAMETID */
  metadataId: number;
  /** PATT_NUM */
  dither: number;
  /** Program, for the names of sources that the file does not know. */
  program: string;
  range: SlitRange;
  /** Pitch over size of the shutters, by quadrant. */
  scales?: ReadonlyMap<number, readonly [number, number]>;
}

interface Log {
  info(text: string): void;
  warn(text: string): void;
}

/** The values of one row of a table, by the names of their columns in lower case. */
interface Row {
  number(name: string): number;
  text(name: string): string;
}

/** The rows of a table. A column is only asked for when a row is: tables without rows need none. */
function rowsOf(table: Table): Row[] {
  const value = (name: string, row: number): unknown => {
    const column = table.columns.find((c) => c.name.toLowerCase() === name);
    if (!column) throw new MsaFileError(`the MSA metadata file has no column ${name}`, { where: name });
    return column.data[row];
  };
  return Array.from({ length: table.nrows }, (_, row) => ({
    number: (name) => Number(value(name, row)),
    text: (name) => String(value(name, row) ?? "").trim(),
  }));
}

const has = (table: Table, name: string): boolean => table.columns.some((c) => c.name.toLowerCase() === name);

function tableOf(file: Model, name: string): Table {
  const table = file.get(`extra_fits.${name}.data`);
  if (isTable(table)) return table;
  throw new MsaFileError(`the MSA metadata file has no table ${name}`, { where: name });
}

function shutters(table: Table, { metadataId, dither }: Selection): Shutter[] {
  const old = !has(table, "fixed_slit");
  return rowsOf(table)
    .filter((row) => row.number("msa_metadata_id") === metadataId && row.number("dither_point_index") === dither)
    .map((row) => ({
      slitlet: row.number("slitlet_id"),
      quadrant: row.number("shutter_quadrant"),
      row: row.number("shutter_row"),
      column: row.number("shutter_column"),
      source: row.number("source_id"),
      background: row.text("background"),
      x: row.number("estimated_source_in_shutter_x"),
      y: row.number("estimated_source_in_shutter_y"),
      primary: row.text("primary_source") === "Y",
      fixed: old ? "" : row.text("fixed_slit"),
    }));
}

function sources(table: Table): Source[] {
  return rowsOf(table).map((row) => ({
    id: row.number("source_id"),
    name: row.text("source_name"),
    alias: row.text("alias"),
    stellarity: row.number("stellarity"),
    ra: row.number("ra"),
    dec: row.number("dec"),
  }));
}

/** Which shutters between the first and the last one are open. A closed one in column 1 counts as open, as in the reference implementation. */
export function shutterState(open: readonly number[], centre: number): string {
  const first = Math.min(...open);
  const list = Array.from({ length: Math.max(...open) - first + 1 }, (_, i) => first + i);
  const middle = list.indexOf(centre);
  if (middle < 0)
    throw new MsaFileError(
      `the shutter of the source, ${centre}, is not among those of its slitlet: ${open.join(", ")}`,
    );
  const bits: string[] = list.map((column) => (column === 1 || open.includes(column) ? "1" : "0"));
  bits[middle] = "x";
  return bits.join("");
}

type SourceInfo = Pick<Slit, "sourceName" | "sourceAlias" | "stellarity" | "sourceRa" | "sourceDec">;

function sourceInfo(list: readonly Source[], id: number, fallback: string, selection: Selection, log: Log): SourceInfo {
  const found = list.find((s) => s.id === id);
  if (found)
    return {
      sourceName: found.name,
      sourceAlias: found.alias,
      stellarity: found.stellarity,
      sourceRa: found.ra,
      sourceDec: found.dec,
    };
  log.warn(`the MSA metadata file has no source ${id}; it is called ${selection.program}_${fallback}`);
  return nameless(fallback, selection);
}

const nameless = (name: string, { program }: Selection): SourceInfo => ({
  sourceName: `${program}_${name}`,
  sourceAlias: name,
  stellarity: 0,
  sourceRa: 0,
  sourceDec: 0,
});

/** Position in the shutter from its middle; files count from a corner, and have NaN for an unknown one. */
const fromMiddle = (v: number): number => Math.fround((Number.isNaN(v) ? 0.5 : v) - 0.5);

function fixedSlit(
  name: string,
  rows: readonly Shutter[],
  list: readonly Source[],
  s: Selection,
  log: Log,
): Slit | undefined {
  const [row] = rows;
  if (!isFixedSlit(name)) return undefined;
  if (!row.primary) {
    log.warn(`the fixed slit ${name} has no primary source and is left out`);
    return undefined;
  }
  const [scaleX, scaleY] = s.scales?.get(FIXED_QUADRANT) ?? SCALES;
  return makeSlit({
    name,
    shutter: FIXED_SLITS[name] - 1,
    dither: s.dither,
    ymin: s.range[0],
    ymax: s.range[1],
    quadrant: FIXED_QUADRANT,
    source: row.source,
    state: shutterState([row.column], 0),
    ...sourceInfo(list, row.source, `VRT${name}`, s, log),
    sourceX: fromMiddle(row.x),
    sourceY: fromMiddle(row.y),
    scaleX,
    scaleY,
    id: fixedSlitId(name),
  });
}

function slitlet(id: number, rows: readonly Shutter[], list: readonly Source[], s: Selection, log: Log): Slit {
  const where = `slitlet ${id}, MSAMETID ${s.metadataId}, dither ${s.dither}`;
  const primaries = rows.filter((r) => r.primary);
  if (primaries.length > 1)
    throw new MsaFileError(`the MSA metadata file has more than one shutter with a primary source: ${where}`);
  const columns = rows.map((r) => r.column);
  const [first, last] = [Math.min(...columns), Math.max(...columns)];
  const background = primaries.length === 0;
  const main = background ? rows[0] : rows.find((r) => r.background === "N");
  if (!main) throw new MsaFileError(`the MSA metadata file has no shutter with a source: ${where}`);
  const ycen = background ? first + Math.floor((last - first) / 2) : main.column;
  // Slitlets of sky have no source; their own number stands for it.
  const source = background ? id : primaries[0].source;
  const info = background ? nameless(`BKG${id}`, s) : sourceInfo(list, source, `VRT${id}`, s, log);
  const [scaleX, scaleY] = s.scales?.get(main.quadrant) ?? SCALES;
  return makeSlit({
    name: id,
    shutter: main.row + (ycen - 1) * SHUTTERS_PER_ROW,
    dither: s.dither,
    xcen: main.row,
    ycen,
    ymin: -(-s.range[0] + MARGIN) + (first - ycen) * PITCH,
    ymax: s.range[1] + MARGIN + (last - ycen) * PITCH,
    quadrant: main.quadrant,
    source,
    state: shutterState(columns, ycen),
    ...info,
    sourceX: background ? 0 : fromMiddle(main.x),
    sourceY: background ? 0 : fromMiddle(main.y),
    scaleX,
    scaleY,
    id,
  });
}

/**
 * The open slitlets of an exposure.
 * @param file - an MSA metadata file (MSAMETFL) whose tables SHUTTER_INFO and SOURCE_INFO can be read
 * @throws {MsaFileError} for a file that contradicts itself
 */
export function openShutters(file: Model, selection: Selection, log: Log): Slit[] {
  const rows = shutters(tableOf(file, "SHUTTER_INFO"), selection);
  const list = sources(tableOf(file, "SOURCE_INFO"));
  const sets = new Map<string | number, Shutter[]>();
  for (const row of rows) {
    const key = isFixedSlit(row.fixed) ? row.fixed : row.slitlet;
    const set = sets.get(key);
    if (set) set.push(row);
    else sets.set(key, [row]);
  }
  const out: Slit[] = [];
  for (const [key, set] of sets) {
    const fixed = set.filter((r) => isFixedSlit(r.fixed)).length;
    if (fixed > 0 && (fixed < set.length || set.length > 1))
      throw new MsaFileError(
        `the MSA metadata file opens the fixed slit ${key} in a way that is not supported: MSAMETID ${selection.metadataId}, dither ${selection.dither}`,
      );
    const slit =
      fixed > 0 ? fixedSlit(String(key), set, list, selection, log) : slitlet(Number(key), set, list, selection, log);
    if (slit) out.push(slit);
  }
  return out;
}

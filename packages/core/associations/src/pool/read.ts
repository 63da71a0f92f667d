import type { Problem } from "../errors.js";
import { poolError } from "../errors.js";
import { AssociationPool } from "./pool.js";
import { PoolRow } from "./row.js";

export interface ReadOptions {
  /** Name of the pool, for messages and files. */
  readonly name?: string;
  /** What separates the columns (default `|`; ECSV files say it themselves). */
  readonly delimiter?: string;
  /** Told about rows that cannot be used; without it the first such row is an error. */
  readonly onProblem?: (problem: Problem) => void;
}

/** Columns without which no rule works. */
const NEEDED = ["filename", "program", "exp_type", "instrume"];

/**
 * Read a pool: lines of values with a delimiter, the first line names the columns. Lines that begin with `#` are comments;
 * an ECSV header among them gives the delimiter. Values may be in double quotes. Blank values are "null"; all is in lower case.
 * @throws AssociationError when there is no header or a needed column is missing
 */
export function readPool(text: string, options: ReadOptions = {}): AssociationPool {
  const name = options.name ?? "in-memory";
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const delimiter = ecsvDelimiter(lines) ?? options.delimiter ?? "|";
  let columns: string[] | undefined;
  const rows: PoolRow[] = [];
  const filenames = new Map<string, number>();
  // A pool repeats few values many times; one copy of each keeps large pools small.
  const shared = new Map<string, string>();
  const share = (value: string): string => {
    const known = shared.get(value);
    if (known !== undefined) return known;
    shared.set(value, value);
    return value;
  };
  const report = (problem: Problem): void => {
    if (options.onProblem !== undefined) options.onProblem(problem);
    else if (problem.severity === "error") throw poolError(problem);
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const fields = splitLine(line, delimiter);
    if (columns === undefined) {
      columns = fields.map((f) => f.toLowerCase());
      checkColumns(name, i + 1, columns, delimiter);
      for (const [column, near] of misspelt(columns))
        report({
          pool: name,
          row: i + 1,
          column,
          message: `no rule knows this column, and there is none named "${near}"; is it that?`,
          severity: "warning",
        });
      continue;
    }
    if (fields.length !== columns.length) {
      report({
        pool: name,
        row: i + 1,
        message: `the row has ${fields.length} values, the header names ${columns.length} columns; the row is left out`,
        severity: "error",
      });
      continue;
    }
    const values: Record<string, string> = {};
    for (let c = 0; c < columns.length; c++)
      values[columns[c]] = share(fields[c] === "" ? "null" : fields[c].toLowerCase());
    const filename = values["filename"];
    if (filename === "null") {
      report({
        pool: name,
        row: i + 1,
        column: "filename",
        message: "the exposure has no file name; the row is left out",
        severity: "error",
      });
      continue;
    }
    const before = filenames.get(filename);
    if (before === undefined) filenames.set(filename, i + 1);
    else
      report({
        pool: name,
        row: i + 1,
        column: "filename",
        message: `${filename} is in row ${before} already; it is a member only once`,
        severity: "warning",
      });
    rows.push(new PoolRow(values, { pool: name, line: i + 1, index: rows.length }));
  }
  if (columns === undefined)
    throw poolError({ pool: name, message: "the pool is empty: there is no line with the names of columns" });
  return new AssociationPool(name, columns, rows);
}

function ecsvDelimiter(lines: readonly string[]): string | undefined {
  if (!/^#\s*%ECSV/.test(lines[0] ?? "")) return undefined;
  for (const line of lines) {
    if (!line.startsWith("#")) break;
    const match = /^#\s*delimiter:\s*(.*)$/.exec(line);
    if (match !== null) return match[1].replace(/^['"]|['"]$/g, "") || " ";
  }
  return " ";
}

function splitLine(line: string, delimiter: string): string[] {
  if (delimiter === " ") line = line.trim().replace(/ +/g, " ");
  if (!line.includes('"')) return line.split(delimiter).map((f) => f.trim());
  const out: string[] = [];
  let at = 0;
  for (;;) {
    while (line[at] === " " && delimiter !== " ") at++;
    let field = "";
    if (line[at] === '"') {
      for (at++; at < line.length; at++) {
        if (line[at] !== '"') field += line[at];
        else if (line[at + 1] === '"') field += line[at++];
        else break;
      }
      const next = line.indexOf(delimiter, at + 1);
      at = next < 0 ? line.length + 1 : next + delimiter.length;
      out.push(field);
    } else {
      const next = line.indexOf(delimiter, at);
      out.push((next < 0 ? line.slice(at) : line.slice(at, next)).trim());
      at = next < 0 ? line.length + 1 : next + delimiter.length;
    }
    if (at > line.length) return out;
  }
}

/** Columns that rules look at. */
const KNOWN = (
  "asn_candidate act_id band bkgdtarg channel detector dithptin dms_note exp_type exposerr expspcin filename filter fxd_slit grating " +
  "instrume is_imprt is_psf lamp mostilno msametfl msastate nints numdthpt obs_id obs_num opmode patt_num patttype pntgtype program " +
  "pupil subarray subpxpns subpxpts targetid tsovisit visitype"
).split(" ");

/** Columns that are one letter away from one that rules look at and that is not there. */
function misspelt(columns: readonly string[]): [column: string, near: string][] {
  const absent = KNOWN.filter((k) => !columns.includes(k));
  return columns.flatMap((column) => {
    if (KNOWN.includes(column)) return [];
    const near = absent.find((k) => oneLetterApart(column, k));
    return near === undefined ? [] : [[column, near] as [string, string]];
  });
}

/** Whether one letter more, less, other, or two exchanged make one word of the other. */
function oneLetterApart(a: string, b: string): boolean {
  if (a.length < 4 || Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const rest = (text: string, skip: number): string => text.slice(i + skip);
  return (
    rest(a, 1) === rest(b, 1) ||
    rest(a, 1) === rest(b, 0) ||
    rest(a, 0) === rest(b, 1) ||
    (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(a, 2) === rest(b, 2))
  );
}

/** The first names, without what a terminal could not show. */
function shortened(columns: readonly string[]): string {
  const names = columns.slice(0, 12).map((c) => c.slice(0, 24).replace(/[^\x20-\x7e]/g, "?"));
  return columns.length > names.length ? `${names.join(", ")}, ...` : names.join(", ");
}

function checkColumns(name: string, row: number, columns: readonly string[], delimiter: string): void {
  const twice = columns.find((c, i) => columns.indexOf(c) !== i);
  if (twice !== undefined) throw poolError({ pool: name, row, column: twice, message: "two columns have this name" });
  const missing = NEEDED.filter((c) => !columns.includes(c));
  if (missing.length === 0) return;
  const near = misspelt(columns).find(([, wanted]) => missing.includes(wanted));
  const hint =
    near !== undefined
      ? `is it "${near[0]}"?`
      : columns.length === 1
        ? `the header is one column only; is "${delimiter}" the delimiter?`
        : `the columns are ${shortened(columns)}`;
  throw poolError({
    pool: name,
    row,
    column: missing[0],
    message: `the pool has no column ${missing.map((m) => `"${m}"`).join(", ")}; ${hint}`,
  });
}

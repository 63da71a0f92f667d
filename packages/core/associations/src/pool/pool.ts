import { AssociationError, type Problem } from "../errors.js";
import { parseCandidates } from "../literal.js";
import { PoolRow } from "./row.js";

/** A table of exposures. Names of columns and values are in lower case; what is not given is "null". */
export class AssociationPool {
  /** Name of the file it came from. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly PoolRow[];

  constructor(name: string, columns: readonly string[], rows: readonly PoolRow[]) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * A pool of values in memory.
   * @param records - one exposure each; values become text in lower case, null and "" become "null"
   */
  static from(records: readonly Readonly<Record<string, unknown>>[], name = "in-memory"): AssociationPool {
    const columns: string[] = [];
    const seen = new Set<string>();
    for (const record of records)
      for (const key of Object.keys(record)) {
        const column = key.toLowerCase();
        if (!seen.has(column)) {
          seen.add(column);
          columns.push(column);
        }
      }
    const rows = records.map((record, index) => {
      const values: Record<string, string> = {};
      for (const column of columns) values[column] = "null";
      for (const [key, value] of Object.entries(record)) values[key.toLowerCase()] = poolText(value);
      return new PoolRow(values, { pool: name, line: index + 1, index });
    });
    return new AssociationPool(name, columns, rows);
  }

  get length(): number {
    return this.rows.length;
  }

  /** The rows for which `test` holds. */
  subset(test: (row: PoolRow) => boolean): AssociationPool {
    return new AssociationPool(this.name, this.columns, this.rows.filter(test));
  }

  /** The rows by file name, and by their other values where names are equal. */
  sorted(): AssociationPool {
    const text = (row: PoolRow): string => this.columns.map((c) => row.get(c)).join("|");
    const rows = [...this.rows].sort((a, b) => {
      const [x, y] = a.filename === b.filename ? [text(a), text(b)] : [a.filename, b.filename];
      return x < y ? -1 : x > y ? 1 : 0;
    });
    return new AssociationPool(this.name, this.columns, rows);
  }

  /**
   * The pool with candidates. Where no row has any, each row belongs to its observation, `o` and the number of `obs_num` (or
   * the 6th to 8th digit of the file name); that is reported.
   * @throws AssociationError when there is neither
   */
  inferCandidates(onProblem?: (problem: Problem) => void): AssociationPool {
    const has = this.rows.some((r) => parseCandidates(r.get("asn_candidate") ?? "").length > 0);
    if (has || this.rows.length === 0) return this;
    const rows = this.rows.map((row) => {
      const id = observationOf(row);
      return id === undefined ? row : row.with("asn_candidate", `[('${id}', 'observation')]`);
    });
    const missing = this.rows.filter((r) => observationOf(r) === undefined);
    if (missing.length === this.rows.length)
      throw new AssociationError(
        `${this.name}: no candidates: there is neither a column asn_candidate nor obs_num, and the names of the exposures do not tell their observation`,
        { file: this.name, where: "asn_candidate" },
      );
    onProblem?.({
      pool: this.name,
      column: "asn_candidate",
      message: "no row has a candidate; every exposure is taken to belong to its observation",
      severity: "warning",
    });
    for (const row of missing)
      onProblem?.({
        pool: this.name,
        row: row.line,
        column: "obs_num",
        message: `the observation of ${row.filename} is not known; the exposure is left out`,
        severity: "error",
      });
    const columns = this.columns.includes("asn_candidate") ? this.columns : [...this.columns, "asn_candidate"];
    return new AssociationPool(this.name, columns, rows);
  }
}

function observationOf(row: PoolRow): string | undefined {
  const number = row.valid("obs_num") ?? /^jw\d{5}(\d{3})\d{3}_/.exec(row.filename)?.[1];
  return number === undefined || !/^\d+$/.test(number) ? undefined : `o${number.padStart(3, "0")}`;
}

/** A value as pools hold it. */
export function poolText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "null";
  if (value === true) return "t";
  if (value === false) return "f";
  return String(value).toLowerCase();
}

/** Values that mean "not specified" in a pool. */
export const EMPTY_VALUES: ReadonlySet<string> = new Set([
  "",
  "null",
  "Null",
  "NULL",
  "--",
  "n",
  "N",
  "f",
  "F",
  "false",
  "False",
  "FALSE",
  "n/a",
  "N/A",
]);

const LONGEST_EMPTY = Math.max(...[...EMPTY_VALUES].map((v) => v.length));

/** One exposure of a pool. Values are text in lower case; a copy made for one candidate shares them. */
export class PoolRow {
  /** Name of the pool. */
  readonly pool: string;
  /** Line in the pool's file, or position from 1 in a pool made in memory. */
  readonly line: number;
  /** Position in the pool, from 0; copies keep it. */
  readonly index: number;
  private readonly shared: Readonly<Record<string, string>>;
  private readonly column: string | undefined;
  private readonly changed: string;
  private readonly isElement: boolean;
  /** What tells it from other rows: the file name, and the element where the row stands for one element of a list. */
  readonly identity: string;

  constructor(
    values: Readonly<Record<string, string>>,
    place: { pool: string; line: number; index: number },
    change?: { column: string; value: string; identity?: string },
  ) {
    this.shared = values;
    this.pool = place.pool;
    this.line = place.line;
    this.index = place.index;
    this.column = change?.column;
    this.changed = change?.value ?? "";
    this.isElement = change?.identity !== undefined;
    this.identity = change?.identity ?? this.filename;
  }

  /** The value of a column, undefined when the pool has no such column. */
  get(column: string): string | undefined {
    return column === this.column ? this.changed : this.shared[column];
  }

  /** The value of a column, undefined when it is not specified. */
  valid(column: string): string | undefined {
    const value = this.get(column);
    // No longer value is empty; most values are longer.
    return value === undefined || (value.length <= LONGEST_EMPTY && EMPTY_VALUES.has(value)) ? undefined : value;
  }

  /** A copy with another value in one column. A second column changed makes a copy of all values. */
  with(column: string, value: string): PoolRow {
    const shared = this.column === undefined || this.column === column ? this.shared : this.toRecord();
    return new PoolRow(shared, this, { column, value });
  }

  /** A copy that stands for one element of a list: it is looked at apart from the copies for the others. */
  element(column: string, value: string): PoolRow {
    const shared = this.column === undefined || this.column === column ? this.shared : this.toRecord();
    return new PoolRow(shared, this, { column, value, identity: `${this.filename}\n${value}` });
  }

  /** What tells a copy from the row of the pool. */
  get change(): { readonly column: string; readonly value: string; readonly element: boolean } | undefined {
    return this.column === undefined
      ? undefined
      : { column: this.column, value: this.changed, element: this.isElement };
  }

  get filename(): string {
    return this.get("filename") ?? "";
  }

  /** All values by column. */
  toRecord(): Record<string, string> {
    const out = { ...this.shared };
    if (this.column !== undefined) out[this.column] = this.changed;
    return out;
  }
}

import type { DType, TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";

/** Element types of columns: those of arrays, strings, complex numbers (interleaved re, im) and bits (one per byte). */
export type ColumnType = DType | "string" | "complex64" | "complex128" | "bit";

/**
 * Values of a column, all rows in one: a typed array of nrows * (product of shape) elements (twice that for complex),
 * or strings; for a variable-length column one array or string per row.
 */
export type ColumnData = TypedArray | string[] | (TypedArray | string)[];

/** What a column is. */
export interface ColumnInfo {
  readonly name: string;
  readonly dtype: ColumnType;
  /** Shape of one row's value, slowest axis first; [] for a scalar (a string of any width is a scalar). */
  readonly shape: readonly number[];
  /** Rows have values of different lengths (TFORM P or Q). */
  readonly variable: boolean;
  readonly unit?: string;
  /** Stored integer that means "no value" (TNULL). */
  readonly null?: number | bigint;
  /** Characters reserved for a string. */
  readonly width?: number;
  /** TDISP. */
  readonly display?: string;
  /** TFORM as in the header. */
  readonly tform?: string;
}

export interface TableColumn extends ColumnInfo {
  readonly data: ColumnData;
}

/** The values of a table, column by column. */
export class Table {
  readonly nrows: number;
  readonly columns: readonly TableColumn[];

  constructor(nrows: number, columns: readonly TableColumn[]) {
    this.nrows = nrows;
    this.columns = columns;
  }

  get names(): string[] {
    return this.columns.map((c) => c.name);
  }

  /** The column of this name; an exact match first, then regardless of case. */
  column(name: string): TableColumn | undefined {
    const folded = name.toLowerCase();
    return this.columns.find((c) => c.name === name) ?? this.columns.find((c) => c.name.toLowerCase() === folded);
  }

  has(name: string): boolean {
    return this.column(name) !== undefined;
  }

  /** Values of a column. @throws {ValidationError} when there is none of this name; the message lists those there are */
  get(name: string): ColumnData {
    const column = this.column(name);
    if (column === undefined)
      throw new ValidationError(`no column "${name}"; the table has ${this.names.join(", ") || "no columns"}`, {
        where: name,
        got: this.names.join(", "),
      });
    return column.data;
  }

  /** Values of a numeric column. @throws {ValidationError} when there is none or it is not numeric */
  numbers(name: string): TypedArray {
    const data = this.get(name);
    if (Array.isArray(data)) throw new ValidationError(`column "${name}" does not hold numbers`, { where: name });
    return data;
  }

  /** Values of a string column. @throws {ValidationError} when there is none or it does not hold strings */
  strings(name: string): string[] {
    const column = this.column(name);
    if (column !== undefined && column.dtype !== "string")
      throw new ValidationError(`column "${name}" does not hold strings`, { where: name });
    return this.get(name) as string[];
  }

  /** Value of one cell: a number, bigint, boolean or string for scalars, a typed array view for arrays. */
  cell(name: string, row: number): TypedArray[number] | boolean | string | TypedArray {
    const column = this.column(name) as TableColumn;
    const data = this.get(name);
    if (row < 0 || row >= this.nrows)
      throw new ValidationError(`row ${row} is outside the table of ${this.nrows} rows`);
    const parts = column.dtype === "complex64" || column.dtype === "complex128" ? 2 : 1;
    const count = column.shape.reduce((a, b) => a * b, 1) * parts;
    if (Array.isArray(data)) {
      if (column.variable || column.shape.length === 0) return data[row];
      throw new ValidationError(`column "${name}" holds arrays of strings: use get("${name}")`, { where: name });
    }
    if (column.shape.length > 0 || parts > 1) return data.subarray(row * count, (row + 1) * count);
    return column.dtype === "bool8" ? data[row] !== 0 : data[row];
  }
}

import type { DType, NdArray, TypedArray } from "@calwebb/array";
import type { Hdu } from "./file.js";
import type { Header } from "./header.js";
import type { ColumnData, ColumnType, TableColumn } from "./table.js";

/** Image data that is made while it is written, so that it never has to be in memory as a whole. */
export interface StreamedImage {
  readonly dtype: DType;
  /** Slowest axis first. */
  readonly shape: readonly number[];
  /** The elements in order, in pieces of any length whose total is the product of `shape`. */
  readonly blocks: Iterable<TypedArray> | AsyncIterable<TypedArray>;
}

/** An image to write. Without data it is a header alone. */
export interface ImageSpec {
  readonly kind: "image";
  readonly name?: string;
  /** EXTVER; written only when given. */
  readonly version?: number;
  /** Further cards. What describes the data (BITPIX, NAXISn, BZERO, ...) is set here by the writer, the rest stays as it is. */
  readonly header?: Header;
  readonly data?: NdArray | StreamedImage;
}

/** A column to write; the TFORM follows from the data unless it is given. */
export interface ColumnSpec {
  readonly name: string;
  readonly data: ColumnData;
  /** Default: by the data. Needed for "bool8" and "bit" (Uint8Array), complex (Float32Array, Float64Array). */
  readonly dtype?: ColumnType;
  /** Shape of one row's value, slowest axis first; default by the number of rows. */
  readonly shape?: readonly number[];
  readonly variable?: boolean;
  readonly unit?: string;
  readonly null?: number | bigint;
  readonly display?: string;
  /** Write TDIM also for values of one dimension, as writers of numpy records do. */
  readonly tdim?: boolean;
  /** Characters reserved for a string; more when a longer one is there. */
  readonly width?: number;
}

/** A binary table to write. */
export interface TableSpec {
  readonly kind: "bintable";
  readonly name?: string;
  readonly version?: number;
  readonly header?: Header;
  readonly columns: readonly (ColumnSpec | TableColumn)[];
  /** Needed only when the columns do not tell. */
  readonly nrows?: number;
}

/** What can be written: new images and tables, and HDUs of open files, whose data is copied as it is. */
export type HduSpec = ImageSpec | TableSpec | Hdu;

export interface WriteOptions {
  /** Write CHECKSUM and DATASUM in every HDU; a string is the comment of the cards. */
  checksum?: boolean;
  /** Time in the comments of the checksum cards; default now. */
  date?: Date;
  signal?: AbortSignal;
}

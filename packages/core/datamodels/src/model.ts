import type { NdArray } from "@calwebb/array";
import type { ArrayChange } from "./fits/changed-cell.js";
import type { Meta, ModelName, Models } from "./generated/types.js";
import type { JsonSchema } from "./schema/from-json.js";
import type { Table } from "./table.js";

export type { Table } from "./table.js";

/** A mapping inside a model. Members of the schema are properties; anything may be reached by a dotted path. */
export interface ObjectNode {
  /** Value at a dotted path (`"meta.wcsinfo.ra_ref"`, `"slits.0.name"`), undefined when it is not set. */
  get(path: string): unknown;
  /** Set the value at a dotted path, creating the branches on the way; validates like an assignment. */
  set(path: string, value: unknown): void;
  has(path: string): boolean;
  /** Remove a value or a whole branch; whether there was one. */
  delete(path: string): boolean;
  /** Whether the array is there (in memory or in the file), without making it. */
  hasArray(name: string): boolean;
  hasTable(name: string): boolean;
}

/** A list of mappings: `model.slits[3].name`. */
export interface ListNode<T> extends Iterable<T> {
  readonly length: number;
  readonly [index: number]: T;
  at(index: number): T | undefined;
  /** Add an item: a plain mapping, an item of another list, or a model whose arrays and metadata it takes. Gives the new item. */
  append(item?: object): T;
  insert(index: number, item?: object): T;
  /** Remove the item at an index. */
  remove(index: number): void;
  clear(): void;
  map<R>(fn: (item: T, index: number) => R): R[];
}

/** What every model has. */
export interface Model {
  /** Class of the reference implementation that this model corresponds to. */
  readonly modelType: string;
  /** Typed metadata: branches always exist, leaves that are not set are undefined, assignment validates. */
  readonly meta: Meta;
  /** History entries; HISTORY cards of a FITS file. A plain list that may be changed. */
  history: string[];
  /** Cards and HDUs that the model does not know, by HDU name. They are written back. */
  readonly extraFits: ExtraFits;
  /** The whole content as a plain tree. Changes are not validated. */
  readonly tree: Record<string, unknown>;
  /** Shape of the primary array; undefined when there is none. */
  readonly shape: readonly number[] | undefined;
  /** Name of the array that decides the shape of the others; empty when there is none. */
  readonly primaryArray: string;
  get(path: string): unknown;
  set(path: string, value: unknown): void;
  has(path: string): boolean;
  delete(path: string): boolean;
  hasArray(name: string): boolean;
  hasTable(name: string): boolean;
  /** Whether an array or a table is still in the file, so that it needs no memory. */
  isUnread(name: string): boolean;
  /** Read arrays and tables that are still in the file (all when no name is given), so that access is immediate. */
  load(...names: string[]): Promise<void>;
  /**
   * Change an array element by element: at once when it has been read, else each time it is read or saved, so that it needs no memory
   * until then. Nothing happens when the model has no such array.
   * @param change - gets consecutive elements, to be changed in place, and the number of the first one
   */
  changeArray(name: string, change: ArrayChange): void;
  /** Deep copy with its own arrays. Arrays that have not been read yet are read by each copy on its own. */
  clone(): this;
  /** Copy of the metadata that shares the arrays. */
  cloneShallow(): this;
  /**
   * Copy the metadata of another model as far as both know it, arrays and WCS objects left out.
   * @param options.only - restrict to keywords of these HDUs
   * @param options.extraFits - take the cards of unknown keywords too
   * @param options.calLogs - take the logs too (default true)
   */
  update(other: Model | Record<string, unknown>, options?: UpdateOptions): void;
  /** All values by dotted path, in tree order. */
  items(): IterableIterator<[string, unknown]>;
  /** The same as one mapping; arrays and tables only on request. */
  toFlat(includeArrays?: boolean): Record<string, unknown>;
  /** Paths that a FITS keyword is kept at. */
  findFitsKeyword(keyword: string): string[];
  /** Schema entries whose path or keyword contains the text. */
  searchSchema(text: string): SchemaHit[];
  /** Add to the schema of this model: JSON Schema with fits_keyword, fits_hdu, datatype, ... */
  extendSchema(schema: JsonSchema): this;
  /** The same for one entry at a dotted path. */
  addSchemaEntry(path: string, schema: JsonSchema): this;
  /** One line for each array and table: name, type, shape, HDU. */
  info(): string;
  /** Problems of the content against the schema, required keywords included. Throws the first one when validation is strict. */
  validate(): string[];
  /** Cards of a FITS WCS of one HDU (keywords of Greisen & Calabretta 2002), alternative `key` "A".."Z" if given. */
  getFitsWcs(hdu?: string, version?: number, key?: string): Record<string, string | number | boolean>;
  setFitsWcs(cards: Readonly<Record<string, string | number | boolean>>, hdu?: string): void;
  close(): Promise<void>;
}

export interface ExtraHdu {
  header?: [string, string | number | boolean | null, string][];
  data?: unknown;
}
export type ExtraFits = Record<string, ExtraHdu>;

export interface UpdateOptions {
  only?: string | readonly string[];
  extraFits?: boolean;
  calLogs?: boolean;
}

export interface SchemaHit {
  path: string;
  keyword?: string;
  hdu?: string;
  type: string;
}

/** What happens to values that do not fit the schema. Default: a warning, and the value is not set. */
export interface ValidationPolicy {
  /** Throw a ValidationError instead of warning. */
  strictValidation?: boolean;
  /** Keep the value all the same. */
  passInvalidValues?: boolean;
  /** Check assignments at all (default true). */
  validateOnAssignment?: boolean;
  /** Where warnings go; default: nowhere. */
  log?: { warn(message: string): void };
}

/** Arrays, tables and metadata for a new model. */
export interface CreateOptions extends ValidationPolicy {
  /** Shape of the primary array, which is then made with its default value. */
  shape?: readonly number[];
  /** Initial metadata, as a nested mapping. */
  meta?: object;
}

/** Options of {@link createModel}: any array or table of the model may be given by name. */
export type CreateInit<N extends ModelName> = CreateOptions & {
  [K in keyof Models[N] as Models[N][K] extends NdArray | Table | undefined ? K : never]?: Models[N][K];
};

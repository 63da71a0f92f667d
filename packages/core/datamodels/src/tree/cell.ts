import type { NdArray } from "@calwebb/array";
import { IoError } from "@calwebb/errors";
import type { Table } from "../table.js";

/** An array or a table that has not been read yet. Its place in the tree is taken by the value once it has. */
export abstract class Cell<T extends NdArray | Table = NdArray | Table> {
  /** What this is, for messages: file and HDU. */
  abstract readonly where: string;
  /** Shape known without reading; undefined for tables. */
  abstract readonly shape: readonly number[] | undefined;
  abstract readonly isTable: boolean;
  abstract load(): Promise<T>;
  /** Read at once. @throws {IoError} when the source cannot */
  abstract loadSync(): T;
}

/** The error for lazy access to a source that only reads asynchronously. */
export function cannotReadNow(where: string): IoError {
  return new IoError(`${where} has not been read yet and its source cannot be read at once: await model.load() first`, {
    where,
  });
}

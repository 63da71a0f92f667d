import type { DType, NdArray, TypedArray } from "@calwebb/array";
import { Cell } from "../tree/cell.js";
import { ImageCell } from "./cells.js";

/** Changes elements `start`, `start + 1`, ... of an array in place. */
export type ArrayChange = (values: TypedArray, start: number) => void;

/** Cells that give a new array each time they are read. */
export type FreshCell = ImageCell | ChangedCell;

export function isFresh(value: unknown): value is FreshCell {
  return value instanceof ImageCell || value instanceof ChangedCell;
}

/** An array that is changed whenever it is read; until then it needs no memory. */
export class ChangedCell extends Cell<NdArray> {
  readonly base: FreshCell;
  readonly change: ArrayChange;
  readonly isTable = false;
  readonly where: string;

  constructor(base: FreshCell, change: ArrayChange) {
    super();
    this.base = base;
    this.change = change;
    this.where = base.where;
  }

  get shape(): readonly number[] {
    return this.base.shape;
  }

  get dtype(): DType {
    return this.base.dtype;
  }

  async load(): Promise<NdArray> {
    return this.changed(await this.base.load());
  }

  loadSync(): NdArray {
    return this.changed(this.base.loadSync());
  }

  private changed(array: NdArray): NdArray {
    this.change(array.flat() as TypedArray, 0);
    return array;
  }
}

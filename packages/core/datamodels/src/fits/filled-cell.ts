import { type DType, type NdArray, ndarray } from "@calwebb/array";
import { Cell } from "../tree/cell.js";

/** An array of one value that nobody has asked for yet. */
export class FilledCell extends Cell<NdArray> {
  readonly isTable = false;
  readonly where = "default";
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly value: number;

  constructor(dtype: DType, shape: readonly number[], value: number) {
    super();
    this.dtype = dtype;
    this.shape = shape;
    this.value = value;
  }

  loadSync(): NdArray {
    const array = ndarray(this.dtype, this.shape) as NdArray;
    if (this.value !== 0) array.data.fill(this.value as never);
    return array;
  }

  async load(): Promise<NdArray> {
    return this.loadSync();
  }
}

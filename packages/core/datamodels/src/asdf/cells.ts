import type { NdArray } from "@calwebb/array";
import type { AsdfArray } from "@calwebb/asdf";
import type { ArraySchema } from "../schema/decode.js";
import { castArray } from "../tree/cast.js";
import { Cell } from "../tree/cell.js";

/** A numeric array of an ASDF file. */
export class AsdfCell extends Cell<NdArray> {
  readonly array: AsdfArray;
  readonly isTable = false;
  readonly where: string;
  private readonly schema: ArraySchema | undefined;

  constructor(array: AsdfArray, where: string, schema: ArraySchema | undefined) {
    super();
    this.array = array;
    this.where = where;
    this.schema = schema;
  }

  get shape(): readonly number[] {
    return this.array.shape;
  }

  private cast(array: NdArray): NdArray {
    return this.schema === undefined ? array : castArray(this.where, array, this.schema);
  }

  async load(): Promise<NdArray> {
    return this.cast(await this.array.read());
  }

  loadSync(): NdArray {
    return this.cast(this.array.readSync());
  }
}

/** Whether an ASDF array holds plain numbers. */
export function isNumeric(array: AsdfArray): boolean {
  return typeof array.datatype === "string";
}

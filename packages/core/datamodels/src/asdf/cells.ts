import type { NdArray } from "@calwebb/array";
import type { AsdfArray, Fields, FieldType } from "@calwebb/asdf";
import type { ArraySchema, TableSchema } from "../schema/decode.js";
import { Table, type TableColumn } from "../table.js";
import { castArray } from "../tree/cast.js";
import { castTable } from "../tree/cast-table.js";
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

/** A structured array of an ASDF file as a table. */
export class AsdfTableCell extends Cell<Table> {
  readonly array: AsdfArray;
  readonly isTable = true;
  readonly shape = undefined;
  readonly where: string;
  private readonly schema: TableSchema;

  constructor(array: AsdfArray, where: string, schema: TableSchema) {
    super();
    this.array = array;
    this.where = where;
    this.schema = schema;
  }

  private table(fields: Fields): Table {
    const nrows = this.array.shape[0] ?? 0;
    const types = this.array.datatype as readonly FieldType[];
    const columns = types.map((type): TableColumn => {
      const base = { name: type.name, shape: type.shape, variable: false };
      const held = fields[type.name];
      if (Array.isArray(held)) return { ...base, dtype: "string", data: held };
      const dtype = type.datatype === "bool8" ? "bool8" : held.dtype;
      return { ...base, dtype, data: held.flat() };
    });
    return castTable(this.where, new Table(nrows, columns), this.schema);
  }

  async load(): Promise<Table> {
    return this.table(await this.array.readFields());
  }

  loadSync(): Table {
    return this.table(this.array.readFieldsSync());
  }
}

/** Whether an ASDF array holds plain numbers. */
export function isNumeric(array: AsdfArray): boolean {
  return typeof array.datatype === "string";
}

import { allocate, type DType, NdArray, type TypedArray } from "@calwebb/array";
import type { BinTableHdu, ImageHdu } from "@calwebb/fits";
import type { ArraySchema, TableSchema } from "../schema/decode.js";
import type { Table } from "../table.js";
import { dtypeOfSchema } from "../tree/cast.js";
import { castTable } from "../tree/cast-table.js";
import { Cell, cannotReadNow } from "../tree/cell.js";

function whereOf(hdu: ImageHdu | BinTableHdu): string {
  return `${hdu.name || `HDU ${hdu.index}`}${hdu.version > 1 ? `,${hdu.version}` : ""} of ${hdu.place.source.name}`;
}

/** An image HDU as an array of the schema's type, converted while it is read: one allocation, no second copy. */
export class ImageCell extends Cell<NdArray> {
  readonly hdu: ImageHdu;
  readonly isTable = false;
  readonly where: string;
  private readonly schema: ArraySchema | undefined;

  constructor(hdu: ImageHdu, schema: ArraySchema | undefined) {
    super();
    this.hdu = hdu;
    this.schema = schema;
    this.where = whereOf(hdu);
  }

  get shape(): readonly number[] {
    return this.hdu.shape;
  }

  /** Element type after reading. */
  get dtype(): DType {
    return this.schema === undefined ? this.hdu.dtype : dtypeOfSchema(this.schema.datatype);
  }

  private target(): TypedArray | undefined {
    const wanted = this.dtype;
    return wanted === this.hdu.dtype ? undefined : (allocate(wanted, this.hdu.size, "any") as TypedArray);
  }

  async load(): Promise<NdArray> {
    const data = this.target();
    if (data === undefined) return this.hdu.read();
    await this.hdu.readInto(data);
    return new NdArray(data, [...this.hdu.shape]);
  }

  loadSync(): NdArray {
    if (this.hdu.place.source.readSync === undefined) throw cannotReadNow(this.where);
    const data = this.target();
    if (data === undefined) return this.hdu.readSync();
    this.hdu.readIntoSync(data);
    return new NdArray(data, [...this.hdu.shape]);
  }
}

/** A binary table with the schema's columns. */
export class TableCell extends Cell<Table> {
  readonly hdu: BinTableHdu;
  readonly isTable = true;
  readonly shape = undefined;
  readonly where: string;
  private readonly schema: TableSchema | undefined;
  private readonly migrate: ((table: Table) => Table) | undefined;

  constructor(hdu: BinTableHdu, schema: TableSchema | undefined, migrate?: (table: Table) => Table) {
    super();
    this.hdu = hdu;
    this.schema = schema;
    this.migrate = migrate;
    this.where = whereOf(hdu);
  }

  private cast(read: Table): Table {
    const table = this.migrate === undefined ? read : this.migrate(read);
    return this.schema === undefined ? table : castTable(this.where, table, this.schema);
  }

  async load(): Promise<Table> {
    return this.cast(await this.hdu.read());
  }

  loadSync(): Table {
    if (this.hdu.place.source.readSync === undefined) throw cannotReadNow(this.where);
    return this.cast(this.hdu.readSync());
  }
}

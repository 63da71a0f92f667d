import { NdArray, type TypedArray } from "@calwebb/array";
import { type DqDefRow, dqTranslation, translateDq, translateDqInPlace } from "@calwebb/dqflags";
import { isTable, type Table } from "../table.js";
import { Cell } from "../tree/cell.js";
import { isCell, isNdArray, own, type TreeObject } from "../tree/types.js";
import { isFresh } from "./changed-cell.js";
import { occupiedFinder } from "./occupied.js";

type Held<T extends NdArray | Table> = T | Cell;

/** Rows of a DQ_DEF table. */
export function dqDefRows(table: Table): DqDefRow[] {
  const numbers = (name: string): number[] => Array.from(table.numbers(name) as ArrayLike<number | bigint>, Number);
  const bits = table.has("BIT") ? numbers("BIT") : [];
  const values = numbers("VALUE");
  return table.strings("NAME").map((name, i) => ({ bit: bits[i] ?? 0, value: values[i], name: name.trim() }));
}

/** @param own - nobody else has the array: it may be changed in place */
function translated(dq: NdArray, table: Table, own: boolean): NdArray {
  const rows = dqDefRows(table);
  if (rows.length === 0) return dq;
  const flags = dq.flat() as Uint32Array;
  if (!own) return new NdArray(translateDq(flags, rows), [...dq.shape]);
  translateDqInPlace(flags, rows, occupiedFinder(flags));
  return dq;
}

/** The DQ array of a reference file in master flags: each bit goes by the name that the file's own table gives it. */
export class DqCell extends Cell<NdArray> {
  readonly isTable = false;
  readonly where: string;
  private readonly dq: Held<NdArray>;
  private readonly def: Held<Table>;

  constructor(dq: Held<NdArray>, def: Held<Table>) {
    super();
    this.dq = dq;
    this.def = def;
    this.where = isCell(dq) ? dq.where : "dq";
  }

  get shape(): readonly number[] {
    return (this.dq as { shape: readonly number[] }).shape;
  }

  async load(): Promise<NdArray> {
    const dq = isCell(this.dq) ? await this.dq.load() : this.dq;
    const def = isCell(this.def) ? await this.def.load() : this.def;
    return translated(dq as NdArray, def as Table, isFresh(this.dq));
  }

  loadSync(): NdArray {
    const dq = isCell(this.dq) ? this.dq.loadSync() : this.dq;
    const def = isCell(this.def) ? this.def.loadSync() : this.def;
    return translated(dq as NdArray, def as Table, isFresh(this.dq));
  }
}

/** Let `dq` of a tree be read in master flags when the tree has a DQ_DEF table. */
export function mapDq(tree: TreeObject): void {
  const dq = own(tree, "dq");
  const def = own(tree, "dq_def");
  if (!(isCell(dq) || isNdArray(dq)) || !(isCell(def) || isTable(def))) return;
  tree.dq = new DqCell(dq as Held<NdArray>, def as Held<Table>);
}

/** The reverse for saving: master flags in the bits that the file's own table gives them. A new array. */
export function compressDq(dq: NdArray, table: Table): NdArray {
  const { pairs } = dqTranslation(dqDefRows(table));
  const from = dq.flat();
  const out = new Uint32Array(from.length);
  for (let i = 0; i < out.length; i++) {
    const word = Number(from[i]);
    if (word === 0) continue;
    let own = 0;
    for (const [value, master] of pairs) if ((word & master) !== 0) own |= value;
    out[i] = own >>> 0;
  }
  return new NdArray(out as TypedArray, [...dq.shape]);
}

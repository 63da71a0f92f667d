import type { TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { CHUNK } from "./const.js";
import { bad, type HduPlace, integer, memory } from "./context.js";

import { decodeColumn, decodeHeapValue, gather, gatherType } from "./decode-column.js";
import { HduBase } from "./hdu.js";
import type { Header } from "./header.js";
import type { Range } from "./image.js";
import { bytesAt, type Plan } from "./plan.js";
import { bytesOf } from "./swap.js";
import { type ColumnInfo, Table, type TableColumn } from "./table.js";
import { type ColumnLayout, columnLayout, elementSize } from "./tform.js";

/** Which part of a table to read. */
export interface TableSelection {
  /** Names; default all. */
  columns?: readonly string[];
  /** Rows [start, end); default all. */
  rows?: Range;
}

/** A binary table: its columns are known when it is opened, its values are read when asked for. */
export class BinTableHdu extends HduBase {
  readonly kind = "bintable";
  readonly nrows: number;
  /** Bytes of a row. */
  readonly rowLength: number;
  readonly layout: readonly ColumnLayout[];
  /** Position of the heap in the data, and its end. */
  readonly heapOffset: number;

  constructor(
    place: HduPlace,
    header: Header,
    nrows: number,
    rowLength: number,
    layout: readonly ColumnLayout[],
    heap: number,
  ) {
    super(place, header);
    this.nrows = nrows;
    this.rowLength = rowLength;
    this.layout = layout;
    this.heapOffset = heap;
  }

  get columns(): readonly ColumnInfo[] {
    return this.layout.map((c) => c.info);
  }

  /** The values of all or some columns and rows. Only the rows of the selection are read. */
  read(selection?: TableSelection): Promise<Table> {
    return this.run(this.plan(selection));
  }

  /** As {@link read}, at once. */
  readSync(selection?: TableSelection): Table {
    return this.runSync(this.plan(selection));
  }

  private select(names: readonly string[] | undefined): ColumnLayout[] {
    if (names === undefined) return [...this.layout];
    return names.map((name) => {
      const found =
        this.layout.find((c) => c.info.name === name) ??
        this.layout.find((c) => c.info.name.toLowerCase() === name.toLowerCase());
      if (found !== undefined) return found;
      throw new ValidationError(
        `HDU ${this.index} (${this.name}) of ${this.place.source.name} has no column "${name}"; it has ` +
          this.columns.map((c) => c.name).join(", "),
        { file: this.place.source.name, where: name },
      );
    });
  }

  /** The reading of a table as a plan, for readers of compressed images. */
  *plan(selection: TableSelection = {}): Plan<Table> {
    const [start, end] = selection.rows ?? [0, this.nrows];
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > this.nrows)
      throw new ValidationError(
        `rows [${start}, ${end}) are outside HDU ${this.index} of ${this.place.source.name}, which has ${this.nrows}`,
        { file: this.place.source.name, where: `HDU ${this.index}` },
      );
    const layout = this.select(selection.columns);
    const nrows = end - start;
    const stored = layout.map((c) => memory(this.place, gatherType(c), (nrows * c.width) / sizeOf(c)));
    if (nrows > 0) yield* this.gatherRows(layout, stored, start, nrows);
    const columns: TableColumn[] = [];
    for (let i = 0; i < layout.length; i++) {
      const c = layout[i];
      const data =
        c.descriptor === undefined
          ? decodeColumn(this.place, c, stored[i], nrows)
          : yield* this.heapValues(c, bytesOf(stored[i]), nrows);
      columns.push({ ...c.info, data });
    }
    return new Table(nrows, columns);
  }

  private *gatherRows(layout: ColumnLayout[], stored: TypedArray[], start: number, nrows: number): Plan<void> {
    const { rowLength } = this;
    const base = this.place.dataOffset + start * rowLength;
    const outs = stored.map((s) => bytesOf(s));
    if (rowLength > CHUNK / 4) {
      for (let r = 0; r < nrows; r++)
        for (let i = 0; i < layout.length; i++) {
          const { width, offset } = layout[i];
          if (width > 0)
            yield { target: outs[i].subarray(r * width, (r + 1) * width), offset: base + r * rowLength + offset };
        }
      return;
    }
    if (rowLength === 0) return;
    const step = Math.max(1, Math.floor(CHUNK / rowLength));
    const scratch = new Uint8Array(Math.min(step, nrows) * rowLength);
    for (let r = 0; r < nrows; r += step) {
      const n = Math.min(step, nrows - r);
      yield { target: scratch.subarray(0, n * rowLength), offset: base + r * rowLength };
      for (let i = 0; i < layout.length; i++) {
        const { width, offset } = layout[i];
        gather(scratch, n, rowLength, offset, width, outs[i], r * width);
      }
    }
  }

  /** Length and position in the heap of every row's value; checked against the size of the heap. */
  private descriptors(column: ColumnLayout, bytes: Uint8Array, nrows: number): { count: number[]; at: number[] } {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const wide = column.descriptor === "Q";
    const heapSize = this.place.dataLength - this.heapOffset;
    const count = new Array<number>(nrows).fill(0);
    const at = new Array<number>(nrows).fill(0);
    let total = 0;
    for (let r = 0; column.repeat > 0 && r < nrows; r++) {
      count[r] = wide ? Number(view.getBigInt64(r * 16)) : view.getInt32(r * 8);
      at[r] = wide ? Number(view.getBigInt64(r * 16 + 8)) : view.getInt32(r * 8 + 4);
      if (count[r] === 0) continue;
      const n = heapBytes(column.code, count[r]);
      if (!(count[r] > 0 && at[r] >= 0 && at[r] + n <= heapSize))
        throw bad(
          this.place,
          `column ${column.info.name}, row ${r}`,
          `${count[r]} elements at ${at[r]} of the heap`,
          `a place inside the heap of ${heapSize} bytes`,
        );
      total += n;
    }
    if (total > 4 * heapSize + (1 << 24))
      throw bad(
        this.place,
        `column ${column.info.name}`,
        `${total} bytes`,
        `at most a few times the heap of ${heapSize} bytes`,
      );
    return { count, at };
  }

  private *heapValues(column: ColumnLayout, descriptors: Uint8Array, nrows: number): Plan<(TypedArray | string)[]> {
    const { count, at } = this.descriptors(column, descriptors, nrows);
    const base = this.place.dataOffset + this.heapOffset;
    const out: (TypedArray | string)[] = [];
    let held: { from: number; bytes: Uint8Array } = { from: 0, bytes: new Uint8Array(0) };
    for (let r = 0; r < nrows; r++) {
      const n = heapBytes(column.code, count[r]);
      if (n > 0 && (at[r] < held.from || at[r] + n > held.from + held.bytes.length)) {
        const room = this.place.dataLength - this.heapOffset - at[r];
        held = { from: at[r], bytes: yield* bytesAt(base + at[r], Math.max(n, Math.min(room, 1 << 16))) };
      }
      const p = at[r] - held.from;
      out.push(
        decodeHeapValue(this.place, column, n > 0 ? held.bytes.subarray(p, p + n) : new Uint8Array(0), count[r]),
      );
    }
    return out;
  }
}

function heapBytes(code: string, count: number): number {
  return code === "X" ? Math.ceil(count / 8) : count * elementSize(code);
}

/** Bytes of an element of the array that gathers a column. */
function sizeOf(column: ColumnLayout): number {
  return column.descriptor === undefined ? (column.storage?.size ?? 1) : 1;
}

/** Read the structure of a binary table from its header. */
export function openBinTable(place: HduPlace, header: Header, nrows: number, rowLength: number): BinTableHdu {
  const file = place.source.name;
  const tfields = integer(file, place.label, header, "TFIELDS", 0, 999);
  const layout: ColumnLayout[] = [];
  let offset = 0;
  for (let n = 1; n <= tfields; n++) {
    const column = columnLayout(place, header, n, offset);
    layout.push(column);
    offset += column.width;
    if (offset > rowLength)
      throw bad(place, `NAXIS1`, `${rowLength} bytes in a row`, `at least ${offset} for the columns up to TFORM${n}`);
  }
  if (offset < rowLength)
    place.warnings.push(`${file}, HDU ${place.label}: the columns use ${offset} of the ${rowLength} bytes of a row`);
  const size = nrows * rowLength;
  const heap = integer(file, place.label, header, "THEAP", size, place.dataLength, size);
  return new BinTableHdu(place, header, nrows, rowLength, layout, heap);
}

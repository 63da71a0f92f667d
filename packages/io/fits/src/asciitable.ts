import { ValidationError } from "@calwebb/errors";
import type { TableSelection } from "./bintable.js";
import { CHUNK } from "./const.js";
import { bad, type HduPlace, integer, memory, show } from "./context.js";
import { HduBase } from "./hdu.js";
import type { Header } from "./header.js";
import type { Plan } from "./plan.js";
import { type ColumnData, type ColumnInfo, Table, type TableColumn } from "./table.js";

/** A column of an ASCII table. */
export interface TextColumn {
  readonly info: ColumnInfo;
  /** A, I, F, E or D. */
  readonly code: string;
  readonly offset: number;
  readonly width: number;
  /** Digits after the point that is left out of the text. */
  readonly decimals: number;
  readonly scale: number;
  readonly zero: number;
  /** TNULL: text that means "no value". */
  readonly nullText?: string;
}

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)([EeDd]?[+-]?\d+)?$/;

/** A table of text (XTENSION = TABLE). Integers of up to 9 digits are int32, longer ones int64, the rest float64. */
export class AsciiTableHdu extends HduBase {
  readonly kind = "table";
  readonly nrows: number;
  readonly rowLength: number;
  readonly layout: readonly TextColumn[];

  constructor(place: HduPlace, header: Header, nrows: number, rowLength: number, layout: readonly TextColumn[]) {
    super(place, header);
    this.nrows = nrows;
    this.rowLength = rowLength;
    this.layout = layout;
  }

  get columns(): readonly ColumnInfo[] {
    return this.layout.map((c) => c.info);
  }

  /** The values. Fields that hold the column's TNULL text are NaN, or 0 in integer columns; blank fields are 0. */
  read(selection?: TableSelection): Promise<Table> {
    return this.run(this.plan(selection));
  }

  /** As {@link read}, at once. */
  readSync(selection?: TableSelection): Table {
    return this.runSync(this.plan(selection));
  }

  private *plan(selection: TableSelection = {}): Plan<Table> {
    const [start, end] = selection.rows ?? [0, this.nrows];
    const { name: file } = this.place.source;
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > this.nrows)
      throw new ValidationError(
        `rows [${start}, ${end}) are outside HDU ${this.index} of ${file}, which has ${this.nrows}`,
      );
    const layout = (selection.columns ?? this.layout.map((c) => c.info.name)).map((name) => {
      const found = this.layout.find((c) => c.info.name.toLowerCase() === name.toLowerCase());
      if (found !== undefined) return found;
      throw new ValidationError(`HDU ${this.index} of ${file} has no column "${name}"`, { file, where: name });
    });
    const nrows = end - start;
    const empty = layout.filter((c) => c.width === 0 && c.code === "A").length;
    if (nrows * empty > 1 << 20)
      throw bad(this.place, "the table", `${nrows} rows of empty strings`, "strings with characters");
    const data: ColumnData[] = layout.map((c) =>
      c.code === "A" ? [] : memory(this.place, c.info.dtype as "int32", c.width === 0 ? 0 : nrows),
    );
    const step = Math.max(1, Math.floor(CHUNK / Math.max(1, this.rowLength)));
    const scratch = new Uint8Array(Math.min(step, nrows) * this.rowLength);
    for (let r = 0; r < nrows && this.rowLength > 0; r += step) {
      const n = Math.min(step, nrows - r);
      yield {
        target: scratch.subarray(0, n * this.rowLength),
        offset: this.place.dataOffset + (start + r) * this.rowLength,
      };
      for (let k = 0; k < layout.length; k++)
        for (let i = 0; i < n; i++) this.decode(layout[k], scratch, i * this.rowLength, r + i, data[k]);
    }
    const columns: TableColumn[] = layout.map((c, i) => ({ ...c.info, data: data[i] }));
    return new Table(nrows, columns);
  }

  private decode(column: TextColumn, rows: Uint8Array, rowStart: number, row: number, out: ColumnData): void {
    const { offset, width } = column;
    let text = "";
    for (let i = rowStart + offset; i < rowStart + offset + width; i++) text += String.fromCharCode(rows[i]);
    if (column.code === "A") {
      (out as string[])[row] = text.trimEnd();
      return;
    }
    const field = text.trim();
    const numbers = out as Float64Array;
    if (field === "" || field === column.nullText) {
      const isNull = field !== "" && column.info.dtype === "float64";
      if (column.info.dtype === "int64") (out as BigInt64Array)[row] = 0n;
      else numbers[row] = isNull ? Number.NaN : column.zero;
      return;
    }
    if (!(column.code === "I" ? INTEGER : FLOAT).test(field))
      throw bad(this.place, `column ${column.info.name}, row ${row}`, show(field), "a number");
    if (column.info.dtype === "int64") (out as BigInt64Array)[row] = BigInt.asIntN(64, BigInt(field.replace("+", "")));
    else {
      const spelled = field
        .replace(/[dD]/, "E")
        .replace(/^(.*[\d.])([+-]\d+)$/, (all, m, e) => (/[eE]/.test(all) ? all : `${m}E${e}`));
      const implied = column.code !== "I" && !field.includes(".") ? 10 ** column.decimals : 1;
      const value = Number(spelled) / implied;
      numbers[row] = column.scale === 1 && column.zero === 0 ? value : value * column.scale + column.zero;
    }
  }
}

/** Read the structure of an ASCII table from its header. */
export function openAsciiTable(place: HduPlace, header: Header, nrows: number, rowLength: number): AsciiTableHdu {
  const file = place.source.name;
  const tfields = integer(file, place.label, header, "TFIELDS", 0, 999);
  const layout: TextColumn[] = [];
  for (let n = 1; n <= tfields; n++) {
    const tform = header.get(`TFORM${n}`);
    const match = /^\s*([AIFED])(\d{1,9})(?:\.(\d{1,3}))?\s*$/.exec(
      typeof tform === "string" ? tform.toUpperCase() : "",
    );
    if (match === null) throw bad(place, `TFORM${n}`, show(tform), "A, I, F, E or D and a width");
    const width = Number(match[2]);
    const offset = integer(file, place.label, header, `TBCOL${n}`, 1, Number.MAX_SAFE_INTEGER) - 1;
    if (offset + width > rowLength)
      throw bad(place, `TBCOL${n}`, `${offset + 1} for ${width} characters`, `columns inside the row of ${rowLength}`);
    const text = (keyword: string) => header.getString(`${keyword}${n}`)?.trim() || undefined;
    const scale = header.getNumber(`TSCAL${n}`) ?? 1;
    const zero = header.getNumber(`TZERO${n}`) ?? 0;
    const code = match[1];
    const dtype =
      code === "A" ? "string" : code !== "I" || scale !== 1 || zero !== 0 ? "float64" : width > 9 ? "int64" : "int32";
    layout.push({
      info: {
        name: text("TTYPE") ?? `col${n}`,
        dtype,
        shape: [],
        variable: false,
        width: code === "A" ? width : undefined,
        unit: text("TUNIT"),
        display: text("TDISP"),
        tform: String(tform).trim(),
      },
      code,
      offset,
      width,
      decimals: Number(match[3] ?? 0),
      scale,
      zero,
      nullText: text("TNULL"),
    });
  }
  // Columns may share characters, but not so many times that a small file fills the memory.
  const total = layout.reduce((sum, c) => sum + c.width, 0);
  if (total > 8 * rowLength)
    throw bad(place, "the columns", `${total} characters`, `at most a few times those of the row, ${rowLength}`);
  return new AsciiTableHdu(place, header, nrows, rowLength, layout);
}

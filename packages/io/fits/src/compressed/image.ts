import type { TypedArray } from "@calwebb/array";
import type { BinTableHdu } from "../bintable.js";
import { bad } from "../context.js";
import { castInto, type Storage, scaleInto, viewAs } from "../convert.js";
import type { Header } from "../header.js";
import { ImageHdu, imageStorage } from "../image.js";
import { bytesAt, type Plan } from "../plan.js";
import { bytesOf, flipSign } from "../swap.js";
import { type ColumnLayout, elementSize } from "../tform.js";
import { type Compression, imageHeader, readCompression } from "./header.js";
import { unquantise } from "./quantise.js";
import { TileDecoder } from "./tile.js";

/** No coder shrinks its input more than this (gzip: 1032). */
const MAX_RATIO = 1100;

/** How many bytes to fetch at a time: tiles usually follow each other in the heap. */
const WINDOW = 1 << 20;

interface Window {
  from: number;
  bytes: Uint8Array;
}

/** Where a tile lies in the image. */
interface TileBox {
  /** First pixel per axis and size per axis, slowest first. */
  start: number[];
  size: number[];
  pixels: number;
  /** Flat index of the first and after the last pixel. */
  first: number;
  end: number;
}

/** An image stored as a table of compressed tiles; it presents itself as the image. */
export class CompressedImageHdu extends ImageHdu {
  readonly table: BinTableHdu;
  readonly compression: Compression;
  private readonly decoder: TileDecoder;
  private readonly tilesPerAxis: readonly number[];
  private rows: Uint8Array | undefined;

  constructor(table: BinTableHdu, compression: Compression, header: Header, storage: Storage) {
    super(table.place, compression.shape, storage, table.storedHeader, header);
    this.table = table;
    this.compression = compression;
    this.decoder = new TileDecoder(table.place, compression);
    this.tilesPerAxis = compression.shape.map((n, i) => Math.ceil(n / compression.tile[i]));
  }

  private column(name: string): ColumnLayout | undefined {
    return this.table.layout.find((c) => c.info.name.toUpperCase() === name);
  }

  private box(tile: number): TileBox {
    const { shape, tile: tileShape } = this.compression;
    const start = new Array<number>(shape.length);
    const size = new Array<number>(shape.length);
    let rest = tile;
    let pixels = 1;
    for (let a = shape.length - 1; a >= 0; a--) {
      const k = rest % this.tilesPerAxis[a];
      rest = Math.floor(rest / this.tilesPerAxis[a]);
      start[a] = k * tileShape[a];
      size[a] = Math.min(tileShape[a], shape[a] - start[a]);
      pixels *= size[a];
    }
    let first = 0;
    let last = 0;
    for (let a = 0; a < shape.length; a++) {
      first = first * shape[a] + start[a];
      last = last * shape[a] + start[a] + size[a] - 1;
    }
    return { start, size, pixels, first, end: last + 1 };
  }

  protected *fill(target: TypedArray, first: number): Plan<void> {
    const { place, table } = this;
    if (this.rows === undefined) this.rows = yield* bytesAt(place.dataOffset, table.nrows * table.rowLength);
    const end = first + target.length;
    const window: Window = { from: 0, bytes: new Uint8Array(0) };
    for (let tile = 0; tile < table.nrows; tile++) {
      const box = this.box(tile);
      if (box.first >= end || box.end <= first) continue;
      const values = yield* this.tile(tile, box, window);
      this.scatter(values, box, target, first);
    }
  }

  /** Copy the values of a tile to where they belong in `target`, which holds the image from flat index `first`. */
  private scatter(values: TypedArray, box: TileBox, target: TypedArray, first: number): void {
    const { shape } = this.compression;
    const axes = shape.length;
    const run = box.size[axes - 1];
    const at = new Array<number>(axes).fill(0);
    for (let p = 0; p < box.pixels; p += run) {
      let flat = 0;
      for (let a = 0; a < axes; a++) flat = flat * shape[a] + box.start[a] + at[a];
      const from = Math.max(flat, first);
      const to = Math.min(flat + run, first + target.length);
      if (to > from) castInto(values.subarray(p + from - flat, p + to - flat), target, from - first);
      for (let a = axes - 2; a >= 0 && ++at[a] === box.size[a]; a--) at[a] = 0;
    }
  }

  /** Values of a tile, of the type of the image. */
  private *tile(tile: number, box: TileBox, window: Window): Plan<TypedArray> {
    const s = this.storage;
    const isFloat = s.stored === "float32" || s.stored === "float64";
    const floats = isFloat ? (s.stored as "float32" | "float64") : undefined;
    const stored = yield* this.stored(tile, box, window, floats);
    if (isFloat) return stored.constructor === floatClass(s) ? stored : this.floats(stored, tile);
    let native = stored;
    if (viewAs(new Uint8Array(0), s.stored).constructor !== stored.constructor) {
      native = viewAs(new Uint8Array(box.pixels * s.size), s.stored);
      castInto(stored, native, 0);
    }
    if (s.flip) {
      const bytes = bytesOf(native);
      flipSign(bytes, s.size);
      return viewAs(bytes, s.dtype);
    }
    if (!s.scaled) return native;
    const out = s.dtype === "float32" ? new Float32Array(box.pixels) : new Float64Array(box.pixels);
    scaleInto(native, s, out, 0);
    return out;
  }

  /** What the tile's columns hold: integers, or floats where they were not quantised. */
  private *stored(
    tile: number,
    box: TileBox,
    window: Window,
    floats: "float32" | "float64" | undefined,
  ): Plan<TypedArray> {
    const quantised = floats !== undefined && this.cell("ZSCALE", tile) !== undefined;
    const main = yield* this.heap("COMPRESSED_DATA", tile, window);
    if (main !== undefined) {
      this.checkRatio(main, tile, box);
      return this.decoder.decode(main, tile, box.pixels, quantised ? undefined : floats);
    }
    const zipped = yield* this.heap("GZIP_COMPRESSED_DATA", tile, window);
    if (zipped !== undefined) {
      this.checkRatio(zipped, tile, box);
      return this.decoder.gzip(zipped, tile, box.pixels, floats);
    }
    const plain = yield* this.heap("UNCOMPRESSED_DATA", tile, window);
    if (plain !== undefined) return this.decoder.plain(plain, tile, box.pixels, floats);
    throw bad(this.place, `tile ${tile + 1}`, "empty", "compressed data");
  }

  private checkRatio(bytes: Uint8Array, tile: number, box: TileBox): void {
    if (box.pixels > (bytes.length + 64) * MAX_RATIO && this.compression.method !== "PLIO_1")
      throw bad(this.place, `tile ${tile + 1}`, `${bytes.length} bytes`, `the code of ${box.pixels} pixels`);
  }

  private floats(stored: TypedArray, tile: number): TypedArray {
    const q = this.compression;
    const scale = this.cell("ZSCALE", tile);
    const out = viewAs(new Uint8Array(stored.length * this.storage.size), this.storage.stored);
    if (scale === undefined) {
      castInto(stored, out, 0);
      return out;
    }
    const ints = stored instanceof Int32Array ? stored : Int32Array.from(stored as Int16Array);
    const dither = q.quantise === "SUBTRACTIVE_DITHER_1" ? 1 : q.quantise === "SUBTRACTIVE_DITHER_2" ? 2 : 0;
    unquantise(
      ints,
      {
        scale,
        zero: this.cell("ZZERO", tile) ?? 0,
        dither,
        seed: tile + q.dither0 - 1,
        blank: this.cell("ZBLANK", tile),
      },
      out as Float32Array,
    );
    return out;
  }

  /** A number of the tile's row: from the column, else from the keyword; undefined without either. */
  private cell(name: "ZSCALE" | "ZZERO" | "ZBLANK", tile: number): number | undefined {
    const column = this.column(name);
    const { scale, zero, blank } = this.compression;
    if (column === undefined || column.repeat === 0) return name === "ZSCALE" ? scale : name === "ZZERO" ? zero : blank;
    const rows = this.rows as Uint8Array;
    const at = tile * this.table.rowLength + column.offset;
    const view = new DataView(rows.buffer, rows.byteOffset + at, column.width);
    switch (column.descriptor ?? column.code) {
      case "D":
        return view.getFloat64(0);
      case "E":
        return view.getFloat32(0);
      case "J":
        return view.getInt32(0);
      case "I":
        return view.getInt16(0);
      default:
        throw bad(this.place, `column ${name}`, column.code, "a column of numbers");
    }
  }

  /** The bytes that a descriptor of the tile's row points to; undefined when there are none. */
  private *heap(name: string, tile: number, window: Window): Plan<Uint8Array | undefined> {
    const column = this.column(name);
    if (column === undefined || column.repeat === 0) return undefined;
    const { place, table } = this;
    const rows = this.rows as Uint8Array;
    const at = tile * table.rowLength + column.offset;
    if (column.descriptor === undefined) throw bad(place, `column ${name}`, column.code, "a variable-length column");
    const view = new DataView(rows.buffer, rows.byteOffset + at, column.width);
    const wide = column.descriptor === "Q";
    const length = (wide ? Number(view.getBigInt64(0)) : view.getInt32(0)) * elementSize(column.code);
    const offset = wide ? Number(view.getBigInt64(8)) : view.getInt32(4);
    if (length === 0) return undefined;
    const size = place.dataLength - table.heapOffset;
    if (!(length > 0 && offset >= 0 && offset + length <= size))
      throw bad(
        place,
        `tile ${tile + 1}`,
        `${length} bytes at ${offset} of the heap`,
        `a place inside the heap of ${size} bytes`,
      );
    if (offset < window.from || offset + length > window.from + window.bytes.length) {
      window.from = offset;
      window.bytes = yield* bytesAt(
        place.dataOffset + table.heapOffset + offset,
        Math.max(length, Math.min(WINDOW, size - offset)),
      );
    }
    return window.bytes.subarray(offset - window.from, offset - window.from + length);
  }
}

function floatClass(s: Storage): unknown {
  return s.stored === "float32" ? Float32Array : Float64Array;
}

/** The image that a table with ZIMAGE = T holds. */
export function openCompressed(table: BinTableHdu): CompressedImageHdu {
  const { place, storedHeader } = table;
  const compression = readCompression(place, storedHeader);
  const header = imageHeader(storedHeader, compression);
  const storage = imageStorage(place, header, compression.bitpix);
  const tiles = compression.shape.reduce((n, s, i) => n * Math.ceil(s / compression.tile[i]), 1);
  if (tiles !== table.nrows)
    throw bad(place, "NAXIS2", `${table.nrows} tiles`, `${tiles} for an image of ${compression.shape.join(" x ")}`);
  const bytes = compression.shape.reduce((a, b) => a * b, storage.size);
  const heap = place.dataLength - table.heapOffset;
  const limit = compression.method === "PLIO_1" ? 8192 : MAX_RATIO;
  if (bytes > (heap + 4096) * limit)
    throw bad(place, "the image", `${bytes} bytes from ${heap} compressed ones`, `at most ${limit} times as many`);
  return new CompressedImageHdu(table, compression, header, storage);
}

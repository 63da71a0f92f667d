import { NdArray, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { bad, type HduPlace, memory, show } from "./context.js";
import { type Storage, storage } from "./convert.js";
import { HduBase } from "./hdu.js";
import type { Header } from "./header.js";
import type { Plan } from "./plan.js";
import { fillSpread, isSpread } from "./spread.js";
import { fillStored } from "./stored.js";

/** Part of the first axis: planes or rows [start, end). */
export type Range = readonly [start: number, end: number];

/** An image: the primary HDU, an IMAGE extension, or a compressed image. */
export abstract class ImageHdu extends HduBase {
  readonly kind: "primary" | "image";
  /** Sizes of the axes, slowest first: the reverse of NAXIS1, NAXIS2, ...; [] when there is no data. */
  readonly shape: readonly number[];
  /** Number of elements; 0 when there is no data. */
  readonly size: number;
  readonly storage: Storage;

  constructor(place: HduPlace, shape: readonly number[], s: Storage, storedHeader: Header, header?: Header) {
    super(place, storedHeader, header);
    this.kind = place.index === 0 ? "primary" : "image";
    this.shape = shape;
    this.size = shape.length === 0 ? 0 : shape.reduce((a, b) => a * b, 1);
    this.storage = s;
  }

  /** Type of the values: unsigned integers stored with BZERO are unsigned; scaled integers are floats. */
  get dtype(): Storage["dtype"] {
    return this.storage.dtype;
  }

  /** Fill `target` with the values from element `first` on. */
  protected abstract fill(target: TypedArray, first: number): Plan<void>;

  protected fillAsync(target: TypedArray, first: number): Promise<void> {
    return this.run(this.fill(target, first));
  }

  /**
   * The image, or planes [start, end) of its first axis, in native byte order; large arrays are in shared memory.
   * Only the bytes of the range are read.
   */
  async read(range?: Range): Promise<NdArray> {
    const { array, first } = this.room(range);
    if (array.data.length > 0) await this.fillAsync(array.data, first);
    return array;
  }

  /** As {@link read}, at once. */
  readSync(range?: Range): NdArray {
    const { array, first } = this.room(range);
    if (array.data.length > 0) this.runSync(this.fill(array.data, first));
    return array;
  }

  /**
   * Fill an array of any type with the elements from number `first` on, converted on the way in pieces of some megabytes
   * (integers that do not fit wrap, as in a C cast). Only the bytes of those elements are read.
   */
  readInto(target: TypedArray, first = 0): Promise<void> {
    this.checkSpan(first, target.length);
    return this.fillAsync(target, first);
  }

  /** As {@link readInto}, at once. */
  readIntoSync(target: TypedArray, first = 0): void {
    this.checkSpan(first, target.length);
    this.runSync(this.fill(target, first));
  }

  private checkSpan(first: number, count: number): void {
    if (Number.isSafeInteger(first) && first >= 0 && first + count <= this.size) return;
    throw new ValidationError(
      `elements ${first} to ${first + count} are outside HDU ${this.index} (${this.name}) of ${this.place.source.name}, ` +
        `which has ${this.size}`,
      { file: this.place.source.name, where: `HDU ${this.index}` },
    );
  }

  /** Memory for planes [start, end), and the number of their first element. */
  private room(range?: Range): { array: NdArray; first: number } {
    const rows = this.shape[0] ?? 0;
    const [start, end] = range ?? [0, rows];
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > rows)
      throw new ValidationError(
        `planes [${start}, ${end}) are outside HDU ${this.index} (${this.name}) of ${this.place.source.name}, whose first axis has ${rows}`,
        { file: this.place.source.name, where: `HDU ${this.index}` },
      );
    const plane = rows === 0 ? 0 : this.size / rows;
    const data = memory(this.place, this.dtype, (end - start) * plane, "any");
    const array = new NdArray(data, this.shape.length === 0 ? [0] : [end - start, ...this.shape.slice(1)]);
    return { array, first: start * plane };
  }
}

const STORED: Readonly<Record<number, Storage["stored"]>> = {
  8: "uint8",
  16: "int16",
  32: "int32",
  64: "int64",
  [-32]: "float32",
  [-64]: "float64",
};

/** BSCALE, BZERO and BLANK of an image header. */
export function imageStorage(place: HduPlace, header: Header, bitpix: number): Storage {
  const stored = STORED[bitpix];
  if (stored === undefined) throw bad(place, "BITPIX", String(bitpix), "8, 16, 32, 64, -32 or -64");
  const number = (keyword: string, fallback: number): number => {
    if (!header.has(keyword)) return fallback;
    const value = header.getNumber(keyword);
    if (value === undefined || !Number.isFinite(value))
      throw bad(place, keyword, show(header.get(keyword)), "a number");
    return value;
  };
  const blank = header.get("BLANK");
  return storage(
    stored,
    number("BSCALE", 1),
    number("BZERO", 0),
    typeof blank === "number" || typeof blank === "bigint" ? blank : undefined,
    bitpix === 8 || bitpix === 16 || bitpix === -32 ? "float32" : "float64",
  );
}

/** An image whose pixels are stored as they are. */
export class PlainImageHdu extends ImageHdu {
  protected fill(target: TypedArray, first: number): Plan<void> {
    return fillStored(this.storage, target, this.startOf(first));
  }

  protected override async fillAsync(target: TypedArray, first: number): Promise<void> {
    const { executor, source } = this.place;
    const handle = isSpread(executor, target) ? source.handle : undefined;
    if (executor !== undefined && handle !== undefined)
      await fillSpread(executor, handle, this.storage, target, this.startOf(first));
    else await super.fillAsync(target, first);
  }

  private startOf(first: number): number {
    return this.place.dataOffset + first * this.storage.size;
  }
}

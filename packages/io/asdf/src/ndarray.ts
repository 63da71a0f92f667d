import { allocate, NdArray, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import type { AsdfBlock, Compression } from "./block.js";
import { type ByteOrder, type DataType, isStructured, isText, itemSize } from "./datatype.js";
import {
  bytesOf,
  contiguousStrides,
  decodeFields,
  decodeNumbers,
  decodeText,
  type Fields,
  type Layout,
  memoryType,
  swapBytes,
} from "./decode.js";
import { formatError } from "./error.js";
import { eachLeaf, inlineFields, inlineNumbers } from "./inline.js";
import { type Job, runAsync, runSync } from "./io.js";

/**
 * Finds the values of an array that lives outside the ASDF bytes, such as `fits:SCI,1`. Undefined means that it does not know the
 * place. May return a promise, which only the asynchronous readers accept.
 */
export type LinkResolver = (source: string, array: AsdfArray) => NdArray | undefined | Promise<NdArray | undefined>;

/** Where the values of an array are. */
export type ArrayStorage =
  | { kind: "block"; block: AsdfBlock }
  /** A place outside these bytes, by name. */
  | { kind: "link"; source: string }
  /** Nested lists in the tree. */
  | { kind: "inline"; data: unknown }
  /** In memory, to be written to a block of its own. */
  | { kind: "memory"; array: NdArray; compression?: Compression }
  | { kind: "bytes"; bytes: Uint8Array; compression?: Compression };

export interface ArrayFields {
  datatype: DataType;
  byteorder?: ByteOrder;
  shape: readonly number[];
  /** Bytes from one element to the next, per axis; row-major when left out. */
  strides?: readonly number[];
  /** Bytes before the first element. */
  offset?: number;
  /** `mask` of the node, kept as it is: a value, or another array. */
  mask?: unknown;
  tag?: string;
  storage: ArrayStorage;
  /** Name of the file, for messages. */
  file?: string;
  resolve?: LinkResolver;
  /** Largest array to decode, in bytes. */
  maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 2 ** 35;

/** A `core/ndarray` node. Nothing is decoded until it is read. */
export class AsdfArray {
  readonly datatype: DataType;
  readonly byteorder: ByteOrder;
  readonly shape: readonly number[];
  readonly strides: readonly number[] | undefined;
  readonly offset: number;
  readonly mask: unknown;
  readonly tag: string | undefined;
  readonly storage: ArrayStorage;
  private readonly file: string;
  private readonly resolve: LinkResolver | undefined;
  private readonly maxBytes: number;

  constructor(fields: ArrayFields) {
    this.datatype = fields.datatype;
    this.byteorder = fields.byteorder ?? "little";
    this.shape = fields.shape;
    this.strides = fields.strides;
    this.offset = fields.offset ?? 0;
    this.mask = fields.mask;
    this.tag = fields.tag;
    this.storage = fields.storage;
    this.file = fields.file ?? "array";
    this.resolve = fields.resolve;
    this.maxBytes = fields.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  /** Values in memory as a node; `inline` writes them as lists inside the tree. */
  static of(
    array: NdArray,
    options: { inline?: boolean; compression?: Compression; mask?: unknown; datatype?: DataType } = {},
  ): AsdfArray {
    const storage: ArrayStorage = options.inline
      ? { kind: "inline", data: array }
      : { kind: "memory", array, compression: options.compression };
    return new AsdfArray({
      datatype: options.datatype ?? array.dtype,
      shape: array.shape,
      mask: options.mask,
      storage,
    });
  }

  /** A node for an array that is elsewhere, e.g. `fits:SCI,1`. */
  static link(source: string, datatype: DataType, shape: readonly number[], byteorder: ByteOrder = "big"): AsdfArray {
    return new AsdfArray({ datatype, shape, byteorder, storage: { kind: "link", source } });
  }

  /** Name of the place outside these bytes, or undefined. */
  get link(): string | undefined {
    return this.storage.kind === "link" ? this.storage.source : undefined;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }

  /**
   * The numbers, native byte order, in new memory (shared when large). Half floats come as float32; complex numbers with a last
   * axis of two. A range [start, end) of the first axis touches only its own bytes when the block is not compressed.
   * @throws {AsdfFormatError} when the values are not numbers, or are elsewhere and no resolver knows them
   */
  async read(range?: readonly [number, number]): Promise<NdArray> {
    if (this.storage.kind === "link") return cut(await this.follow(), range);
    return runAsync(this.numbers(range));
  }

  /** The same without waiting; the source must allow it (memory, Node files). */
  readSync(range?: readonly [number, number]): NdArray {
    if (this.storage.kind !== "link") return runSync(this.numbers(range));
    const found = this.follow();
    if (found instanceof Promise)
      throw formatError(this.file, `array "${this.storage.source}" can only be read asynchronously`);
    return cut(found, range);
  }

  /** The members of a structured array. */
  async readFields(): Promise<Fields> {
    return runAsync(this.fields());
  }

  readFieldsSync(): Fields {
    return runSync(this.fields());
  }

  /** The texts of an array of text, in row-major order. */
  async readText(): Promise<string[]> {
    return runAsync(this.text());
  }

  readTextSync(): string[] {
    return runSync(this.text());
  }

  private follow(): NdArray | Promise<NdArray> {
    const source = (this.storage as { source: string }).source;
    const check = (array: NdArray | undefined): NdArray => {
      if (array) return array;
      throw formatError(this.file, `array "${source}" is not in these bytes and nothing here knows where it is`, {
        got: source,
        wanted: source.startsWith("fits:") ? "the FITS file around the ASDF extension" : "an internal block",
      });
    };
    const found = this.resolve?.(source, this);
    return found instanceof Promise ? found.then(check) : check(found);
  }

  private limit(bytes: number): void {
    if (bytes > this.maxBytes)
      throw formatError(this.file, `an array of shape [${this.shape}] needs ${bytes} bytes`, {
        wanted: `at most ${this.maxBytes} bytes`,
      });
  }

  private *numbers(range?: readonly [number, number]): Job<NdArray> {
    const { storage, datatype } = this;
    if (storage.kind === "memory") return cut(storage.array, range);
    if (isText(datatype) || isStructured(datatype))
      throw formatError(this.file, "the array does not hold numbers", {
        got: isText(datatype) ? "text: use readText" : "structured elements: use readFields",
        wanted: "a numeric datatype",
      });
    if (storage.kind === "inline")
      return cut(
        storage.data instanceof NdArray ? storage.data : inlineNumbers(storage.data, datatype, this.shape, this.file),
        range,
      );
    const itemsize = itemSize(datatype);
    const strides = this.strides ?? contiguousStrides(this.shape, itemsize);
    const shape = [...this.shape];
    let start = this.offset;
    if (range && shape.length) {
      const [from, to] = clamp(range, shape[0]);
      start += from * strides[0];
      shape[0] = to - from;
    }
    const n = shape.reduce((a, b) => a * b, 1);
    this.limit(n * itemsize);
    const { dtype, parts, stored } = memoryType(datatype);
    const plain = datatype !== "float16" && isContiguous(shape, strides, itemsize);
    if (!plain) return decodeNumbers(datatype, yield* this.layout(shape, strides, start, itemsize));
    const data = allocate(dtype, n * parts);
    const bytes = bytesOf(data);
    if (storage.kind === "block") yield* storage.block.into(bytes, start);
    else bytes.set(this.inside(storage, start, bytes.length));
    if (this.byteorder === "big") swapBytes(bytes, stored);
    return new NdArray(data, parts === 2 ? [...shape, 2] : shape);
  }

  private *fields(): Job<Fields> {
    if (!isStructured(this.datatype))
      throw formatError(this.file, "the array has no members: its elements are not structured");
    if (this.storage.kind === "inline") return inlineFields(this.datatype, this.storage.data, this.shape, this.file);
    return decodeFields(this.datatype, yield* this.wholeLayout());
  }

  private *text(): Job<string[]> {
    if (this.storage.kind === "inline") {
      const out: string[] = [];
      eachLeaf(this.storage.data, (value) => out.push(String(value)));
      return out;
    }
    if (!isText(this.datatype)) throw formatError(this.file, "the array does not hold text");
    return decodeText(this.datatype, yield* this.wholeLayout());
  }

  private *wholeLayout(): Job<Layout> {
    const itemsize = itemSize(this.datatype);
    const strides = this.strides ?? contiguousStrides(this.shape, itemsize);
    this.limit(this.size * Math.max(itemsize, 1));
    return yield* this.layout(this.shape, strides, this.offset, itemsize);
  }

  /** The bytes between the first and the last one that the elements touch. */
  private *layout(shape: readonly number[], strides: readonly number[], start: number, itemsize: number): Job<Layout> {
    const [low, high] = extent(shape, strides, start, itemsize);
    const bytes =
      this.storage.kind === "block"
        ? yield* this.storage.block.bytes(low, high - low)
        : this.inside(this.storage as { bytes: Uint8Array }, low, high - low);
    return { bytes, start: start - low, shape, strides, byteorder: this.byteorder };
  }

  private inside(storage: ArrayStorage | { bytes: Uint8Array }, start: number, length: number): Uint8Array {
    if (!("bytes" in storage)) throw new ValidationError(`${this.file}: the array "${this.link}" has no bytes here`);
    if (start + length > storage.bytes.length)
      throw formatError(this.file, `an array needs ${start + length} bytes, there are ${storage.bytes.length}`);
    return storage.bytes.subarray(start, start + length);
  }
}

/** Lowest and highest byte (exclusive) that an array touches. */
export function extent(
  shape: readonly number[],
  strides: readonly number[],
  start: number,
  itemsize: number,
): [number, number] {
  if (shape.some((n) => n === 0)) return [start, start];
  let low = start;
  let high = start + itemsize;
  for (let i = 0; i < shape.length; i++) {
    const span = (shape[i] - 1) * strides[i];
    if (span < 0) low += span;
    else high += span;
  }
  return [low, high];
}

function isContiguous(shape: readonly number[], strides: readonly number[], itemsize: number): boolean {
  let step = itemsize;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return false;
    step *= shape[i];
  }
  return true;
}

function clamp([from, to]: readonly [number, number], n: number): [number, number] {
  const start = Math.max(0, Math.min(n, from));
  return [start, Math.max(start, Math.min(n, to))];
}

function cut<T extends TypedArray>(array: NdArray<T>, range: readonly [number, number] | undefined): NdArray<T>;
function cut<T extends TypedArray>(
  array: NdArray<T> | Promise<NdArray<T>>,
  range: readonly [number, number] | undefined,
): NdArray<T> | Promise<NdArray<T>>;
function cut<T extends TypedArray>(
  array: NdArray<T> | Promise<NdArray<T>>,
  range: readonly [number, number] | undefined,
): NdArray<T> | Promise<NdArray<T>> {
  if (array instanceof Promise) return array.then((a) => cut(a, range));
  if (!range || array.shape.length === 0) return array;
  const [from, to] = clamp(range, array.shape[0]);
  return array.lo(from).hi(to - from);
}

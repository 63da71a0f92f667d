/** Names of element types, as numpy and ASDF spell them. */
export type DType =
  | "bool8"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float32"
  | "float64";

interface Arrays {
  bool8: Uint8Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  float32: Float32Array;
  float64: Float64Array;
}

export type TypedArrayOf<D extends DType> = Arrays[D];
export type TypedArray = Arrays[DType];

const CLASSES = {
  bool8: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

const NAMES: Readonly<Record<string, DType>> = {
  Int8Array: "int8",
  Int16Array: "int16",
  Int32Array: "int32",
  BigInt64Array: "int64",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
  Uint16Array: "uint16",
  Uint32Array: "uint32",
  BigUint64Array: "uint64",
  Float32Array: "float32",
  Float64Array: "float64",
};

/** Element type of a typed array; a Uint8Array counts as uint8. */
export function dtypeOf(data: TypedArray): DType {
  const name = NAMES[data.constructor.name];
  if (name === undefined) throw new TypeError(`${data.constructor.name} is not a numeric typed array`);
  return name;
}

/** Arrays smaller than this gain nothing from being shared between workers. */
const SHARE_FROM_BYTES = 1 << 16;

/** Shared memory to be used again, in the order in which it was given back, and how much of it is kept at most [byte]. */
const spare: SharedArrayBuffer[] = [];
const SPARE_BYTES = 3 << 26;
let spareBytes = 0;

/**
 * Give shared memory of arrays to {@link allocate} for the next ones of their size: nobody may use them any more. Without this it would
 * stay until the next garbage collection of every thread that has seen it. Arrays that do not fill their memory are left alone. When
 * there is too much, what was given back first goes: it has the sizes of work that is over.
 */
export function recycle(...arrays: readonly TypedArray[]): void {
  if (typeof SharedArrayBuffer === "undefined") return;
  for (const { buffer, byteLength } of arrays) {
    const memory: unknown = buffer;
    if (!(memory instanceof SharedArrayBuffer) || memory.byteLength !== byteLength) continue;
    if (byteLength > SPARE_BYTES || spare.includes(memory)) continue;
    spare.push(memory);
    spareBytes += byteLength;
    while (spareBytes > SPARE_BYTES) spareBytes -= spare.shift()?.byteLength ?? spareBytes;
  }
}

/** Let go of what {@link recycle} has kept: work of other sizes follows. */
export function forgetRecycled(): void {
  spare.length = 0;
  spareBytes = 0;
}

let made = 0;

/** How many bytes of shared memory {@link allocate} has made so far; memory that is used again does not count. */
export function sharedBytesMade(): number {
  return made;
}

function share(bytes: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes);
  made += bytes;
  return memory;
}

function reuse(bytes: number, content: Content): SharedArrayBuffer | undefined {
  let at = spare.length - 1;
  while (at >= 0 && spare[at].byteLength !== bytes) at--;
  if (at < 0) return undefined;
  const [memory] = spare.splice(at, 1);
  spareBytes -= bytes;
  if (content === "any") return memory;
  // Filling shared memory goes element by element.
  if (bytes % 8 === 0) new Float64Array(memory).fill(0);
  else new Uint8Array(memory).fill(0);
  return memory;
}

/** What new memory holds: zeros, or whatever was there. */
export type Content = "zeros" | "any";

/**
 * A zero-filled typed array, in shared memory when it is large and the platform has it (workers then see the same bytes).
 * @param length - number of elements, not negative
 * @param content - "any" saves time where every element will be written before it is read
 * @throws {RangeError} when the memory cannot be had; the message says how much was asked for
 */
export function allocate<D extends DType>(dtype: D, length: number, content: Content = "zeros"): TypedArrayOf<D> {
  const Class = CLASSES[dtype];
  const bytes = length * Class.BYTES_PER_ELEMENT;
  if (!Number.isSafeInteger(length) || length < 0)
    throw new RangeError(`cannot allocate ${length} elements of ${dtype}`);
  try {
    const shared = bytes >= SHARE_FROM_BYTES && typeof SharedArrayBuffer !== "undefined";
    const buffer = shared ? (reuse(bytes, content) ?? share(bytes)) : new ArrayBuffer(bytes);
    return new Class(buffer as ArrayBuffer) as TypedArrayOf<D>;
  } catch (cause) {
    throw new RangeError(`cannot allocate ${(bytes / 2 ** 20).toFixed(1)} MiB for ${length} elements of ${dtype}`, {
      cause,
    });
  }
}

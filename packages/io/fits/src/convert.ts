import { type DType, dtypeOf, type TypedArray } from "@calwebb/array";
import { flipSign, swapBytes } from "./swap.js";

/** How the stored integers or floats of an image or a column become values. */
export interface Storage {
  /** Type of the stored elements. */
  readonly stored: "uint8" | "int16" | "int32" | "int64" | "float32" | "float64";
  /** Type of the values. */
  readonly dtype: DType;
  /** Bytes of an element. */
  readonly size: number;
  /** Stored values are offset by half their range (unsigned integers, signed bytes). */
  readonly flip: boolean;
  /** value = stored * scale + zero, when one of them matters and `flip` is not set. */
  readonly scaled: boolean;
  readonly scale: number;
  readonly zero: number;
  /** Stored integer that means "no value": becomes NaN in scaled data. */
  readonly blank?: number | bigint;
}

const SIZES = { uint8: 1, int16: 2, int32: 4, int64: 8, float32: 4, float64: 8 } as const;
const UNSIGNED: Readonly<Record<string, { zero: number; dtype: DType }>> = {
  uint8: { zero: -128, dtype: "int8" },
  int16: { zero: 2 ** 15, dtype: "uint16" },
  int32: { zero: 2 ** 31, dtype: "uint32" },
  int64: { zero: 2 ** 63, dtype: "uint64" },
};

/**
 * @param wide - type of scaled integers
 */
export function storage(
  stored: Storage["stored"],
  scale: number,
  zero: number,
  blank: number | bigint | undefined,
  wide: "float32" | "float64",
): Storage {
  const size = SIZES[stored];
  const unsigned = UNSIGNED[stored];
  const base = { stored, size, scale, zero };
  if (scale === 1 && unsigned !== undefined && zero === unsigned.zero)
    return { ...base, dtype: unsigned.dtype, flip: true, scaled: false, blank };
  const scaled = scale !== 1 || zero !== 0 || (blank !== undefined && unsigned !== undefined);
  return { ...base, dtype: scaled ? wide : stored, flip: false, scaled, blank: unsigned ? blank : undefined };
}

/** Big-endian stored bytes to native values of `storage.dtype` (before scaling), in place. */
export function toNative(bytes: Uint8Array, { size, flip }: Storage): void {
  swapBytes(bytes, size);
  if (flip) flipSign(bytes, size);
}

/** View bytes in native order as elements of a type. The bytes must be aligned. */
export function viewAs(bytes: Uint8Array, dtype: DType): TypedArray {
  const { buffer, byteOffset: at, byteLength: n } = bytes;
  switch (dtype) {
    case "bool8":
    case "uint8":
      return new Uint8Array(buffer, at, n);
    case "int8":
      return new Int8Array(buffer, at, n);
    case "int16":
      return new Int16Array(buffer, at, n / 2);
    case "uint16":
      return new Uint16Array(buffer, at, n / 2);
    case "int32":
      return new Int32Array(buffer, at, n / 4);
    case "uint32":
      return new Uint32Array(buffer, at, n / 4);
    case "int64":
      return new BigInt64Array(buffer, at, n / 8);
    case "uint64":
      return new BigUint64Array(buffer, at, n / 8);
    case "float32":
      return new Float32Array(buffer, at, n / 4);
    default:
      return new Float64Array(buffer, at, n / 8);
  }
}

/** Unsigned 16-bit integers, stored as big-endian signed ones, as floats, into `out` from index `at`. */
export function bigEndian16ToFloat32(raw: Uint16Array, out: Float32Array, at: number): void {
  const n = raw.length;
  for (let i = 0; i < n; i++) {
    const w = raw[i];
    out[at + i] = (((w << 8) | (w >> 8)) & 0xffff) ^ 0x8000;
  }
}

function scale32(out: Float32Array, start: number, end: number, scale: number, zero: number): void {
  const s = Math.fround(scale);
  const z = Math.fround(zero);
  for (let i = start; i < end; i++) out[i] = Math.fround(out[i] * s) + z;
}

function scale64(out: Float64Array, start: number, end: number, scale: number, zero: number): void {
  for (let i = start; i < end; i++) out[i] = out[i] * scale + zero;
}

const isBig = (data: TypedArray): data is BigInt64Array | BigUint64Array =>
  data instanceof BigInt64Array || data instanceof BigUint64Array;

/** Copy values into an array of another type, as a C cast would (out-of-range integers wrap). */
export function castInto(from: TypedArray, to: TypedArray, at: number): void {
  if (isBig(from) === isBig(to)) to.set(from as never, at);
  else if (isBig(from)) {
    const out = to as Float64Array;
    for (let i = 0; i < from.length; i++) out[at + i] = Number(from[i]);
  } else {
    const out = to as BigInt64Array;
    for (let i = 0; i < from.length; i++) {
      const x = from[i] as number;
      out[at + i] = Number.isFinite(x) ? BigInt(Math.trunc(x)) : 0n;
    }
  }
}

/** Values of `storage.dtype` from native stored values, scaling applied. `out` may be of any type. */
export function scaleInto(raw: TypedArray, s: Storage, out: TypedArray, at: number): void {
  const direct = dtypeOf(out) === s.dtype;
  const work = direct ? out : s.dtype === "float32" ? new Float32Array(raw.length) : new Float64Array(raw.length);
  const start = direct ? at : 0;
  castInto(raw, work, start);
  const end = start + raw.length;
  if (s.scale !== 1 || s.zero !== 0) {
    if (work instanceof Float32Array) scale32(work, start, end, s.scale, s.zero);
    else scale64(work as Float64Array, start, end, s.scale, s.zero);
  }
  if (s.blank !== undefined)
    for (let i = 0; i < raw.length; i++)
      // biome-ignore lint/suspicious/noDoubleEquals: a bigint element must equal a number keyword
      if (raw[i] == s.blank) work[start + i] = Number.NaN;
  if (!direct) castInto(work, out, at);
}

/**
 * Decode big-endian stored bytes into `out` from index `at`. The bytes are used as working memory.
 */
export function decodeInto(bytes: Uint8Array, s: Storage, out: TypedArray, at: number): void {
  if (s.dtype === "uint16" && out instanceof Float32Array && bytes.byteOffset % 2 === 0) {
    bigEndian16ToFloat32(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2), out, at);
    return;
  }
  toNative(bytes, s);
  nativeInto(bytes.byteOffset % s.size === 0 ? bytes : bytes.slice(), s, out, at);
}

/** Values from stored elements in native bytes, which must be aligned, into `out` from index `at`. */
export function nativeInto(aligned: Uint8Array, s: Storage, out: TypedArray, at: number): void {
  if (s.scaled) scaleInto(viewAs(aligned, s.stored), s, out, at);
  else castInto(viewAs(aligned, s.dtype), out, at);
}

/** Whether stored bytes of this kind are unsigned 16-bit integers that become floats: what raw exposures are. */
export function isWidened(s: Storage, out: TypedArray): out is Float32Array {
  return s.dtype === "uint16" && out instanceof Float32Array;
}

/** Whether stored bytes of this kind can be read straight into an array of `out`'s type. */
export function isDirect(s: Storage, out: TypedArray): boolean {
  return !s.scaled && (dtypeOf(out) === s.dtype || (s.dtype === "bool8" && out instanceof Uint8Array));
}

import { instantiate } from "@calwebb/array";
import { bigEndian16ToFloat32 } from "./convert.js";
import { orderWasm } from "./generated/order.wasm.js";
import { flipSign, swapBytes } from "./swap.js";

/** Bytes of a run: as much as is read or written at a time. It fits into the cache of a core. */
export const RUN: number = 1 << 21;
/** Bytes that are widened at a time. */
const TILE = 1 << 17;
/** Fewer bytes than this are not worth the kernel. */
const KERNEL_FROM = 1 << 16;

/** Memory in which runs of bytes change between the order of FITS and that of the platform. */
export interface Bench {
  /** The run; stored bytes are read into it, native ones copied. */
  readonly bytes: Uint8Array;
  /**
   * The first `length` bytes, stored elements of `size` bytes, become native ones, in place.
   * @param flip - they are offset by half their range
   */
  toNative(length: number, size: number, flip: boolean): void;
  /** The reverse of `toNative`. */
  toStored(length: number, size: number, flip: boolean): void;
  /** The first `length` bytes are unsigned 16-bit integers, stored as signed ones: put them into `out` from index `at`. */
  widen(length: number, out: Float32Array, at: number): void;
}

interface Kernel {
  readonly memory: WebAssembly.Memory;
  swap(at: number, length: number, size: number, flip: number): void;
  widen(at: number, out: number, length: number): void;
}

/** A bench with plain loops. */
export function plainBench(room: number): Bench {
  const bytes = new Uint8Array(room);
  return {
    bytes,
    toNative: (length, size, flip) => {
      const part = bytes.subarray(0, length);
      swapBytes(part, size);
      if (flip) flipSign(part, size);
    },
    toStored: (length, size, flip) => {
      const part = bytes.subarray(0, length);
      if (flip) flipSign(part, size);
      swapBytes(part, size);
    },
    widen: (length, out, at) => bigEndian16ToFloat32(new Uint16Array(bytes.buffer, 0, length >> 1), out, at),
  };
}

/** A bench of {@link RUN} bytes over the SIMD kernel; undefined where the platform has none. */
export function kernelBench(): Bench | undefined {
  const kernel = instantiate<Kernel>(orderWasm);
  if (kernel === undefined) return undefined;
  // The kernel moves 16 bytes at a time: all parts are multiples of that.
  const wide = RUN + 2 * TILE;
  kernel.memory.grow(Math.ceil((wide - kernel.memory.buffer.byteLength) / 65536));
  const { buffer } = kernel.memory;
  const bytes = new Uint8Array(buffer, 0, RUN);
  const floats = new Float32Array(buffer, RUN, TILE / 2);
  const whole = (length: number): number => (length + 15) & ~15;
  return {
    bytes,
    toNative: (length, size, flip) => kernel.swap(0, whole(length), size, flip ? 1 : 0),
    toStored: (length, size, flip) => kernel.swap(0, whole(length), size, flip ? 2 : 0),
    widen: (length, out, at) => {
      for (let from = 0; from < length; from += TILE) {
        const n = Math.min(TILE, length - from);
        kernel.widen(from, RUN, whole(n));
        out.set(n === TILE ? floats : floats.subarray(0, n >> 1), at + (from >> 1));
      }
    },
  };
}

const idle: Bench[] = [];
/** Benches that are kept. */
const KEPT = 4;

/** A bench for `total` bytes, in runs of at most {@link RUN}; give it back when done. */
export function takeBench(total: number): Bench {
  if (total < KERNEL_FROM) return plainBench(total);
  return idle.pop() ?? kernelBench() ?? plainBench(RUN);
}

export function giveBench(bench: Bench): void {
  if (bench.bytes.length === RUN && idle.length < KEPT) idle.push(bench);
}

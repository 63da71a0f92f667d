import { ensureMemory, instantiate } from "@calwebb/array";
import type { Kernel } from "./convolve.js";
import { convolveWasm } from "./generated/convolve.wasm.js";

interface Exports {
  readonly memory: WebAssembly.Memory;
  widen(values: number, out: number, n: number): void;
  known(values: number, mask: number, n: number, out: number, missing: number): number;
  correlate(taps: number, ntaps: number, start: number, out: number, n: number): void;
  narrow(values: number, out: number, n: number): void;
  ratio(sums: number, weights: number, least: number, out: number, n: number): void;
}

/** Sums of the kernel that are less than this are rounding: it met no value. */
export const LEAST_WEIGHT = 1e-12;

/** The bottom of the memory is left to the compiler's own [byte]. */
const BOTTOM = 1024;

/** One instance for all images of a thread; null where the platform has no WASM SIMD. */
let instance: Exports | null | undefined;

/** Where things lie in the kernel's memory [byte]; rows of doubles have room for the kernel's reach on both sides. */
function layOut(
  size: number,
  nx: number,
): Record<"values" | "mask" | "out" | "sums" | "weights" | "taps", number> & {
  row: number;
  rows: number;
  missing: number;
  width: number;
  end: number;
} {
  const h = (size - 1) / 2;
  const width = Math.ceil(nx / 8) * 8;
  const row = 8 * (width + 2 * h + 2);
  let end = BOTTOM;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const at = {
    values: take(4 * width),
    mask: take(width),
    out: take(4 * width),
    sums: take(8 * width),
    weights: take(8 * width),
    taps: take(16 * size * size),
    rows: take(row * size),
    missing: take(row * size),
  };
  return { ...at, row, width, end };
}

/**
 * Convolution in WASM SIMD; the results are those of the plain kernels bit for bit.
 * @param mask - 1 for pixels to interpolate over, and over NaN; undefined: there are none, and NaN spreads
 * @param out - receives the result
 * @returns undefined where there is no WASM SIMD
 */
export function convolveSimd(
  data: Float32Array,
  mask: Uint8Array | undefined,
  ny: number,
  nx: number,
  { size, values: kernel }: Kernel,
  out: Float32Array,
): Float32Array | undefined {
  if (instance === undefined) instance = instantiate<Exports>(convolveWasm) ?? null;
  if (instance === null) return undefined;
  const wasm = instance;
  const h = (size - 1) / 2;
  const at = layOut(size, nx);
  const { width } = at;
  ensureMemory(wasm.memory, at.end);
  const { buffer } = wasm.memory;
  // Beyond the ends of rows there are zeros.
  new Uint8Array(buffer, 0, at.end).fill(0, at.values);
  const values = new Float32Array(buffer, at.values, nx);
  const masks = new Uint8Array(buffer, at.mask, nx);
  const found = new Float32Array(buffer, at.out, nx);
  const places = new Int32Array(buffer, at.taps, 4 * size * size);
  const shares = new Float64Array(buffer, at.taps, 2 * size * size);
  const gaps = new Uint8Array(size);
  const first = (base: number, place: number): number => base + place * at.row + 8 * h;

  const read = (y: number): void => {
    const place = y % size;
    values.set(data.subarray(y * nx, (y + 1) * nx));
    if (mask === undefined) {
      wasm.widen(at.values, first(at.rows, place), width);
      return;
    }
    masks.set(mask.subarray(y * nx, (y + 1) * nx));
    gaps[place] = wasm.known(at.values, at.mask, nx, first(at.rows, place), first(at.missing, place));
  };
  /** Sum over the rows around y of those that are wanted. */
  const sum = (y: number, base: number, sign: number, start: number, to: number, wanted: boolean): void => {
    let n = 0;
    for (let j = Math.max(-h, -y); j <= Math.min(h, ny - 1 - y); j++) {
      const place = (y + j) % size;
      if (wanted && gaps[place] === 0) continue;
      for (let i = -h; i <= h; i++) {
        const weight = kernel[(j + h) * size + h + i];
        if (weight === 0) continue;
        places[4 * n] = first(base, place) + 8 * i;
        shares[2 * n + 1] = sign * weight;
        n++;
      }
    }
    wasm.correlate(at.taps, n, start, to, width);
  };
  let ready = 0;
  for (let y = 0; y < ny; y++) {
    for (; ready < ny && ready <= y + h; ready++) read(ready);
    sum(y, at.rows, 1, 0, at.sums, false);
    if (gaps.includes(1)) {
      sum(y, at.missing, -1, 1, at.weights, true);
      wasm.ratio(at.sums, at.weights, LEAST_WEIGHT, at.out, width);
    } else wasm.narrow(at.sums, at.out, width);
    out.set(found, y * nx);
  }
  return out;
}

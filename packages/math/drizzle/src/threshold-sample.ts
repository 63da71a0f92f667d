import { ensureMemory, instantiate } from "@calwebb/array";
import { thresholdWasm } from "./generated/threshold.wasm.js";

/** What a pass over the weights in a range gives. */
export interface InRange {
  sum: number;
  /** Weights in the range, and below it. */
  count: number;
  below: number;
}

/** The weights that count: finite and not 0. Ranges include their ends. */
export interface WeightSample {
  readonly values: Float32Array;
  sum(lo: number, hi: number): InRange;
  /** Sum of the squared distances from `mean`. */
  squares(lo: number, hi: number, mean: number): number;
  /** A copy of the weights in a range; undefined when there are more than a quarter of all. */
  gather(lo: number, hi: number): Float32Array | undefined;
}

const usable = (w: number): boolean => w !== 0 && w - w === 0;

/** The sample without WASM. Sums have four parts, of every fourth weight. */
export function plainSample(weights: Float32Array): WeightSample {
  const values = weights.filter(usable);
  return {
    values,
    sum(lo, hi) {
      const parts = new Float64Array(4);
      const found = { sum: 0, count: 0, below: 0 };
      for (let i = 0; i < values.length; i++) {
        const v = values[i];
        if (v >= lo && v <= hi) {
          found.count++;
          parts[i & 3] += v;
        } else if (v < lo) found.below++;
      }
      found.sum = parts[0] + parts[2] + (parts[1] + parts[3]);
      return found;
    },
    squares(lo, hi, mean) {
      const parts = new Float64Array(4);
      for (let i = 0; i < values.length; i++) {
        const v = values[i];
        if (v >= lo && v <= hi) parts[i & 3] += (v - mean) * (v - mean);
      }
      return parts[0] + parts[2] + (parts[1] + parts[3]);
    },
    gather(lo, hi) {
      const found = values.filter((v) => v >= lo && v <= hi);
      return found.length > values.length >> 2 ? undefined : found;
    },
  };
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  foundCount(): number;
  foundBelow(): number;
  take(values: number, n: number, out: number): number;
  sum(values: number, n: number, lo: number, hi: number): number;
  squares(values: number, n: number, lo: number, hi: number, mean: number): number;
  gather(values: number, n: number, lo: number, hi: number, out: number, room: number): number;
}

/** Weights that are copied at one time. */
const TILE = 1 << 16;
/** The bottom of the memory is left to the compiler's own [byte]. */
const TILE_AT = 1024;
const VALUES_AT = TILE_AT + 4 * TILE;

const one = new Float32Array(1);
const bits = new Int32Array(one.buffer);

/** The least float32 number that is not less than x. */
function ceil32(x: number): number {
  one[0] = x;
  if (!(one[0] < x)) return one[0];
  if (one[0] === 0) return 2 ** -149;
  bits[0] += one[0] > 0 ? 1 : -1;
  return one[0];
}

/** The greatest float32 number that is not more than x. */
const floor32 = (x: number): number => -ceil32(-x);

/** One instance, which goes with its memory when garbage is collected and no sample is used. */
let kept: WeakRef<Exports> | undefined;

/** The weights that count, in WASM memory; the results are those of {@link plainSample} bit for bit. Only the last sample is of use. */
export function weightSample(weights: Float32Array): WeightSample {
  const wasm = kept?.deref() ?? instantiate<Exports>(thresholdWasm);
  if (wasm === undefined) return plainSample(weights);
  kept = new WeakRef(wasm);
  const gatherAt = VALUES_AT + 4 * (weights.length + 8);
  ensureMemory(wasm.memory, gatherAt + 4 * ((weights.length >> 2) + 1));
  const tile = new Float32Array(wasm.memory.buffer, TILE_AT, TILE);
  let n = 0;
  for (let from = 0; from < weights.length; from += TILE) {
    const part = weights.subarray(from, from + TILE);
    tile.set(part);
    n += wasm.take(TILE_AT, part.length, VALUES_AT + 4 * n);
  }
  const room = Math.ceil(n / 4) * 4;
  new Float32Array(wasm.memory.buffer, VALUES_AT, room).fill(Number.NaN, n);
  return {
    values: new Float32Array(wasm.memory.buffer, VALUES_AT, n),
    sum(lo, hi) {
      const sum = wasm.sum(VALUES_AT, room, ceil32(lo), floor32(hi));
      return { sum, count: wasm.foundCount(), below: wasm.foundBelow() };
    },
    squares: (lo, hi, mean) => wasm.squares(VALUES_AT, room, ceil32(lo), floor32(hi), mean),
    gather(lo, hi) {
      const count = wasm.gather(VALUES_AT, room, ceil32(lo), floor32(hi), gatherAt, (n >> 2) + 1);
      return count > n >> 2 ? undefined : new Float32Array(wasm.memory.buffer, gatherAt, count).slice();
    },
  };
}

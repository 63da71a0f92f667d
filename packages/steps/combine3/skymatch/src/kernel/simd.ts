import { ensureMemory, instantiate } from "@calwebb/array";
import { sampleWasm } from "../generated/sample.wasm.js";
import { type Moments, type Passes, plainPasses } from "./statistics.js";

interface Exports {
  readonly memory: WebAssembly.Memory;
  foundCount(): number;
  foundLeast(): number;
  foundMost(): number;
  take(data: number, a: number, b: number, n: number, out: number): number;
  sum(values: number, n: number, lo: number, hi: number, min: number, max: number): number;
  sumInOrder(values: number, n: number, lo: number, hi: number): number;
  squares(values: number, n: number, lo: number, hi: number, mean: number): number;
  squaresInOrder(values: number, n: number, lo: number, hi: number, mean: number): number;
  histogram(values: number, n: number, min: number, max: number, scale: number, bins: number, nbins: number): void;
}

/** Values in WASM memory and passes over them, with the same results as the plain ones bit for bit. */
export interface SimdSample extends Passes {
  /** Fill the sample with the values where both masks are set. @returns a view of them, which the passes take */
  take(data: Float32Array, a: Uint8Array, b: Uint8Array): Float32Array;
}

const f = Math.fround;

/** Pixels that are copied at one time. */
const TILE = 1 << 14;
/** Histograms of more bins are counted one value after the other. */
const MOST_BINS = 1 << 14;

/** Where things lie [byte]; the bottom is left to the compiler's own. */
const TILE_AT = 1024;
const MASKS_AT = TILE_AT + 4 * TILE;
const BINS_AT = MASKS_AT + 2 * TILE;
const VALUES_AT = BINS_AT + 16 * (MOST_BINS + 1);

/** How far two sums of n numbers in different orders may be apart, relative to the sum of their magnitudes; with room to spare. */
const doubt = (n: number): number => (1.5 * n + 64) * 2 ** -53;

/**
 * The value that a sum in order leads to. Where all numbers that it may be lead to the same, it need not be known; else it is made.
 * @param quick - the sum in another order
 * @param error - how much it may differ at most
 * @param to - what becomes of the sum; monotonic
 */
function decided(quick: number, error: number, to: (sum: number) => number, inOrder: () => number): number {
  const value = to(quick - error);
  return Object.is(value, to(quick + error)) ? value : to(inOrder());
}

/** One instance for the pieces of a thread, which goes with its memory when garbage is collected and none is measured. */
let kept: WeakRef<Exports> | undefined;

/**
 * The sample of this thread.
 * @param room - values that it must hold
 * @returns undefined where there is no WASM SIMD
 */
export function simdSample(room: number): SimdSample | undefined {
  const wasm = kept?.deref() ?? instantiate<Exports>(sampleWasm);
  if (wasm === undefined) return undefined;
  kept = new WeakRef(wasm);
  // Copying writes one value beyond the last.
  ensureMemory(wasm.memory, VALUES_AT + 4 * (room + 4));
  const { buffer } = wasm.memory;

  const take = (data: Float32Array, a: Uint8Array, b: Uint8Array): Float32Array => {
    const tile = new Float32Array(buffer, TILE_AT, TILE);
    const masks = new Uint8Array(buffer, MASKS_AT, 2 * TILE);
    let count = 0;
    for (let from = 0; from < data.length; from += TILE) {
      const to = Math.min(data.length, from + TILE);
      tile.set(data.subarray(from, to));
      masks.set(a.subarray(from, to));
      masks.set(b.subarray(from, to), TILE);
      count += wasm.take(TILE_AT, MASKS_AT, MASKS_AT + TILE, to - from, VALUES_AT + 4 * count);
    }
    return new Float32Array(buffer, VALUES_AT, count);
  };

  const extremes = (values: Float32Array): readonly [number, number] => {
    const [first] = values;
    wasm.sum(VALUES_AT, values.length, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, first, first);
    return [wasm.foundLeast(), wasm.foundMost()];
  };

  const moments = (values: Float32Array, low: number, high: number): Moments => {
    const n = values.length;
    const [lo, hi, first] = [f(low), f(high), values[0]];
    const quick = wasm.sum(VALUES_AT, n, lo, hi, lo > first ? lo : first, hi < first ? hi : first);
    const [npix, min, max] = [wasm.foundCount(), wasm.foundLeast(), wasm.foundMost()];
    // The magnitudes of numbers that are at least `min` sum up to at most this.
    const magnitude = Math.abs(quick) + 2 * npix * Math.max(0, -min);
    const mean = decided(
      quick,
      doubt(npix) * magnitude,
      (sum) => f(sum / npix),
      () => wasm.sumInOrder(VALUES_AT, n, lo, hi),
    );
    const square = wasm.squares(VALUES_AT, n, min, max, mean);
    const stddev = decided(
      square,
      doubt(npix) * square,
      (sum) => f(Math.sqrt(sum / (npix - 1))),
      () => wasm.squaresInOrder(VALUES_AT, n, min, max, mean),
    );
    return { npix, mean, stddev, min, max };
  };

  const histogram = (values: Float32Array, nbins: number, width: number, min: number): Uint32Array => {
    if (nbins === 1 || nbins > MOST_BINS) return plainPasses.histogram(values, nbins, width, min);
    const size = f(width);
    const bins = new Uint32Array(buffer, BINS_AT, 4 * (nbins + 1)).fill(0);
    wasm.histogram(VALUES_AT, values.length, min, f(min + f(size * nbins)), f(1 / size), BINS_AT, nbins);
    return bins.slice(0, nbins);
  };
  return { take, extremes, moments, histogram };
}

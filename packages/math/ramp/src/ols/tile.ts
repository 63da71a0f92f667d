import { ensureMemory, instantiate } from "@calwebb/array";
import { olsWasm } from "../generated/ols.wasm.js";
import type { RampData } from "../types.js";
import { finishRows, fitRows } from "./clean.js";
import { medianNetwork } from "./network.js";
import { POWERS, type WeightTable } from "./weights.js";

/** Columns handled together: a tile of this width stays in the cache. */
export const TILE = 256;

/** Longer ramps are sorted pixel by pixel: a network's size grows faster than its speed pays. */
const NETWORK_UP_TO = 64;

/** Rows of results after those of the integrations; the last holds integers. */
const PLANES = 8;

interface Kernel {
  memory: WebAssembly.Memory;
  fitTile(...args: number[]): void;
  finishTile(...args: number[]): void;
}

/** The arrays of a tile; rows are TILE wide. */
export interface TileArrays {
  /** Slopes per group for each exponent and group. */
  weights: Float64Array;
  /** Slopes per group, one row per integration. */
  slopes: Float64Array;
  /** Median first differences, summed over the integrations. */
  medians: Float64Array;
  /** First differences. */
  diffs: Float64Array;
  /** Counts, a row per sample. */
  data: Float32Array;
  gain: Float32Array;
  noise: Float32Array;
  dark: Float32Array;
  /** Results: see `finishRows`. */
  out: Float32Array;
  /** Not 0 where the pixel has no odd value. */
  regular: Int32Array;
  pairs: Int32Array;
}

/**
 * A block of neighbouring pixels of one row with all their samples, row by row. Pixels of a ramp lie a whole plane apart
 * from group to group, often a power of two, where all samples of a pixel fall on the same few cache lines: the block is
 * copied once and all work is done on the copy.
 */
export class Tile {
  readonly arrays: TileArrays;
  /** Flags, a row per sample. */
  readonly dq: Uint8Array;
  /** OR of the flags of the groups in use. */
  readonly any: Uint8Array;

  private readonly anyWords: Uint32Array;
  private readonly dqWords: Uint32Array;
  private readonly kernel: Kernel | undefined;
  private readonly nints: number;
  private readonly ngroups: number;
  private readonly first: number;
  private readonly used: number;

  constructor(ramp: RampData, first: number, used: number, table: WeightTable, wasm = true) {
    const { nints, ngroups } = ramp;
    this.nints = nints;
    this.ngroups = ngroups;
    this.first = first;
    this.used = used;
    const samples = nints * ngroups;
    const fits = used >= 3;
    const network = wasm && fits && used - 1 <= NETWORK_UP_TO;
    const pairs = network ? medianNetwork(used - 1) : new Int32Array(0);
    this.kernel = network ? instantiate<Kernel>(olsWasm) : undefined;
    const lengths: [8 | 4, number][] = [
      [8, POWERS.length * used],
      [8, nints * TILE],
      [8, TILE],
      [8, this.kernel === undefined ? used : (used - 1) * TILE],
      [4, samples * TILE],
      [4, TILE],
      [4, TILE],
      [4, TILE],
      [4, (nints + PLANES) * TILE],
      [4, pairs.length],
    ];
    const at: number[] = [];
    let end = 1024;
    for (const [size, length] of lengths) {
      at.push(end);
      end += Math.ceil((size * length) / 16) * 16;
    }
    if (this.kernel !== undefined) ensureMemory(this.kernel.memory, end);
    const buffer = this.kernel === undefined ? new ArrayBuffer(end) : (this.kernel.memory.buffer as ArrayBuffer);
    const f64 = (i: number): Float64Array => new Float64Array(buffer, at[i], lengths[i][1]);
    const f32 = (i: number): Float32Array => new Float32Array(buffer, at[i], lengths[i][1]);
    this.arrays = {
      weights: f64(0),
      slopes: f64(1),
      medians: f64(2),
      diffs: f64(3),
      data: f32(4),
      gain: f32(5),
      noise: f32(6),
      dark: f32(7),
      out: f32(8),
      regular: new Int32Array(buffer, at[8] + 4 * (nints + PLANES - 1) * TILE, TILE),
      pairs: new Int32Array(buffer, at[9], pairs.length),
    };
    this.arrays.pairs.set(pairs);
    this.dq = new Uint8Array(samples * TILE);
    this.dqWords = new Uint32Array(this.dq.buffer);
    this.any = new Uint8Array(TILE);
    this.anyWords = new Uint32Array(this.any.buffer);
    if (fits) for (let p = 0; p < POWERS.length; p++) this.arrays.weights.set(table.get(p, used).slope, p * used);
  }

  /** Bring in `width` pixels that start at pixel `from` of the planes. */
  load(ramp: RampData, npix: number, from: number, width: number): void {
    const { dq, anyWords, dqWords } = this;
    const { data } = this.arrays;
    anyWords.fill(0);
    const samples = this.nints * this.ngroups;
    for (let s = 0; s < samples; s++) {
      const at = s * npix + from;
      data.set(ramp.data.subarray(at, at + width), s * TILE);
      dq.set(ramp.groupdq.subarray(at, at + width), s * TILE);
      const g = s % this.ngroups;
      if (g < this.first || g >= this.first + this.used) continue;
      for (let k = 0, w = (s * TILE) >> 2; k < TILE >> 2; k++) anyWords[k] |= dqWords[w + k];
    }
  }

  /** Fit all loaded pixels as if none had a flag: fills `out` and `regular`. */
  fitClean(
    gain: Float32Array,
    noise: Float32Array,
    dark: Float32Array | undefined,
    groupTime: number,
    from: number,
    width: number,
  ): void {
    const { arrays: a, kernel, used, ngroups, first, nints } = this;
    a.medians.fill(0);
    a.gain.set(gain.subarray(from, from + width));
    a.noise.set(noise.subarray(from, from + width));
    if (dark !== undefined) a.dark.set(dark.subarray(from, from + width));
    for (let i = 0; i < nints; i++) {
      const row = (i * ngroups + first) * TILE;
      if (kernel === undefined) fitRows(a, row, i * TILE, used, width);
      else
        kernel.fitTile(
          a.data.byteOffset + 4 * row,
          TILE,
          used,
          a.gain.byteOffset,
          a.noise.byteOffset,
          a.weights.byteOffset,
          a.pairs.byteOffset,
          a.pairs.length / 2,
          a.diffs.byteOffset,
          a.slopes.byteOffset + 8 * i * TILE,
          a.medians.byteOffset,
        );
    }
    if (kernel === undefined) finishRows(a, nints, used, groupTime, width);
    else
      kernel.finishTile(
        nints,
        TILE,
        used,
        a.slopes.byteOffset,
        a.medians.byteOffset,
        a.gain.byteOffset,
        a.noise.byteOffset,
        a.dark.byteOffset,
        groupTime,
        a.out.byteOffset,
      );
  }
}

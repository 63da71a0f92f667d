import { ensureMemory, instantiate } from "@calwebb/array";
import { olsWasm } from "../generated/ols.wasm.js";
import type { RampData } from "../types.js";
import { finishRows, fitRows } from "./clean.js";
import { FlaggedFit, flaggedBytes, type PixelExports } from "./flagged.js";
import { medianNetwork } from "./network.js";
import { groupNoise, noiseRoot, type OlsConstants, type OlsInput } from "./setup.js";
import { POWERS, type WeightTable } from "./weights.js";

/** Most bytes of counts and flags of a tile, so that it stays in the second cache, and its fewest and most pixels. */
const TILE_BYTES = 1 << 20;
const LEAST = 256;
const MOST = 2048;

/** Pixels that the compiled kernel puts in order at a time: see assembly/ols.ts. */
const BLOCK = 256;

/** Rows of a tile lie this much further apart than it is wide: rows a power of two apart would fall on the same cache lines. */
const PAD = 16;

/** Longer ramps are sorted pixel by pixel: a network's size grows faster than its speed pays. */
const NETWORK_UP_TO = 64;

/** Rows of results after those of the integrations; the last holds integers. */
const PLANES = 8;

interface Kernel extends PixelExports {
  fitTile(...args: number[]): void;
  finishTile(...args: number[]): void;
  unite(...args: number[]): void;
  scaleNoise(...args: number[]): void;
}

/** Pixels that go into a tile of ramps of `samples` samples; a multiple of BLOCK. */
function tileWidth(samples: number): number {
  const fit = Math.floor(TILE_BYTES / (5 * samples * BLOCK)) * BLOCK;
  return Math.max(LEAST, Math.min(MOST, fit));
}

/** The arrays of a tile; rows are `stride` elements apart. */
export interface TileArrays {
  stride: number;
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
 * A block of consecutive pixels of a plane with all their samples, row by row. Pixels of a ramp lie a whole plane apart
 * from group to group, often a power of two, where all samples of a pixel fall on the same few cache lines: the block is
 * copied once and all work is done on the copy.
 */
export class Tile {
  readonly arrays: TileArrays;
  /** Most pixels of a tile. */
  readonly width: number;
  /** Elements from one row of the arrays, and of `dq`, to the next. */
  readonly stride: number;
  /** Flags, a row per sample. */
  readonly dq: Uint8Array;
  /** OR of the flags of the groups in use. */
  readonly any: Uint8Array;

  private readonly kernel: Kernel | undefined;
  /** Where the fit of pixels with flags has its memory. */
  private readonly room: number;
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
    this.width = tileWidth(samples);
    const stride = this.width + PAD;
    this.stride = stride;
    const fits = used >= 3;
    const network = wasm && fits && used - 1 <= NETWORK_UP_TO;
    const pairs = network ? medianNetwork(used - 1) : new Int32Array(0);
    this.kernel = network ? instantiate<Kernel>(olsWasm) : undefined;
    const lengths: [8 | 4 | 1, number][] = [
      [8, POWERS.length * used],
      [8, nints * stride],
      [8, stride],
      [8, this.kernel === undefined ? used : (used - 1) * BLOCK],
      [4, samples * stride],
      [4, stride],
      [4, stride],
      [4, stride],
      [4, (nints + PLANES) * stride],
      [4, pairs.length],
      [1, samples * stride],
      [1, stride],
      [1, this.kernel === undefined ? 0 : flaggedBytes({ nints, ngroups, first, used, stride })],
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
    const bytes = (i: number): Uint8Array => new Uint8Array(buffer, at[i], lengths[i][1]);
    this.arrays = {
      stride,
      weights: f64(0),
      slopes: f64(1),
      medians: f64(2),
      diffs: f64(3),
      data: f32(4),
      gain: f32(5),
      noise: f32(6),
      dark: f32(7),
      out: f32(8),
      regular: new Int32Array(buffer, at[8] + 4 * (nints + PLANES - 1) * stride, stride),
      pairs: new Int32Array(buffer, at[9], pairs.length),
    };
    this.arrays.pairs.set(pairs);
    this.room = at[12];
    this.dq = bytes(10);
    this.any = bytes(11);
    if (fits) for (let p = 0; p < POWERS.length; p++) this.arrays.weights.set(table.get(p, used).slope, p * used);
  }

  /** The compiled fit of pixels with flags, on the arrays of this tile; undefined where there is none. */
  flaggedFit(
    table: WeightTable,
    t: OlsConstants,
    suppressOneGroup: boolean,
    zeroFrames: boolean,
  ): FlaggedFit | undefined {
    const { kernel, arrays: a, nints, ngroups, first, used, stride } = this;
    if (kernel === undefined) return undefined;
    const rows = {
      data: a.data.byteOffset,
      dq: this.dq.byteOffset,
      gain: a.gain.byteOffset,
      noise: a.noise.byteOffset,
      dark: a.dark.byteOffset,
    };
    const sizes = { nints, ngroups, first, used, stride };
    return new FlaggedFit(kernel, sizes, rows, this.room, table, t, suppressOneGroup, zeroFrames);
  }

  /** Bring in `width` pixels that start at pixel `from` of the planes. */
  load(ramp: RampData, npix: number, from: number, width: number): void {
    const { dq, any, stride, kernel, first, used } = this;
    const { data } = this.arrays;
    const samples = this.nints * this.ngroups;
    for (let s = 0; s < samples; s++) {
      const at = s * npix + from;
      data.set(ramp.data.subarray(at, at + width), s * stride);
      dq.set(ramp.groupdq.subarray(at, at + width), s * stride);
    }
    any.fill(0);
    for (let i = 0; i < this.nints; i++) {
      const row = (i * this.ngroups + first) * stride;
      if (kernel === undefined) uniteRows(any, dq, row, stride, used);
      else kernel.unite(dq.byteOffset + row, stride, stride, used, any.byteOffset);
    }
  }

  /** Bring in gain and noise of the same pixels. */
  loadNoise(
    { gain, readnoise, timing }: Pick<OlsInput, "gain" | "readnoise" | "timing">,
    from: number,
    width: number,
  ): void {
    const { arrays: a, kernel } = this;
    a.gain.set(gain.subarray(from, from + width));
    if (kernel === undefined) groupNoise(a.noise, readnoise, gain, timing.nframes, from, width);
    else {
      a.noise.set(readnoise.subarray(from, from + width));
      kernel.scaleNoise(a.noise.byteOffset, a.gain.byteOffset, Math.ceil(width / 4) * 4, noiseRoot(timing.nframes));
    }
  }

  /** Fit all loaded pixels as if none had a flag: fills `out` and `regular`. */
  fitClean(dark: Float32Array | undefined, groupTime: number, from: number, width: number): void {
    const { arrays: a, kernel, used, ngroups, first, nints, stride } = this;
    a.medians.fill(0);
    if (dark !== undefined) a.dark.set(dark.subarray(from, from + width));
    const rounded = Math.ceil(width / 4) * 4;
    for (let i = 0; i < nints; i++) {
      const row = (i * ngroups + first) * stride;
      if (kernel === undefined) fitRows(a, row, i * stride, used, width);
      else
        kernel.fitTile(
          a.data.byteOffset + 4 * row,
          stride,
          rounded,
          used,
          a.gain.byteOffset,
          a.noise.byteOffset,
          a.weights.byteOffset,
          a.pairs.byteOffset,
          a.pairs.length / 2,
          a.diffs.byteOffset,
          a.slopes.byteOffset + 8 * i * stride,
          a.medians.byteOffset,
        );
    }
    if (kernel === undefined) finishRows(a, nints, used, groupTime, width);
    else
      kernel.finishTile(
        nints,
        stride,
        rounded,
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

/** Add the flags of `rows` samples to those of the pixels; the twin of `unite` in assembly/ols.ts. */
function uniteRows(any: Uint8Array, dq: Uint8Array, at: number, stride: number, rows: number): void {
  const out = new Uint32Array(any.buffer, any.byteOffset, stride >> 2);
  for (let r = 0; r < rows; r++) {
    const row = new Uint32Array(dq.buffer, dq.byteOffset + at + r * stride, stride >> 2);
    for (let k = 0; k < out.length; k++) out[k] |= row[k];
  }
}

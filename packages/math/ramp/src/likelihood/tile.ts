import { ensureMemory, instantiate } from "@calwebb/array";
import { likelihoodWasm } from "../generated/likelihood.wasm.js";
import { medianNetwork } from "../ols/network.js";
import type { RampData } from "../types.js";
import type { Covariance } from "./covariance.js";
import type { JumpThresholds } from "./pixel.js";

/** Columns handled together. */
export const TILE = 256;

/** The compiled kernel scales the covariance only once: its determinant must not underflow. */
const DIFFERENCES_UP_TO = 200;

/** Rows of scratch memory: see assembly/likelihood.ts. */
const WORK = 12;

interface Kernel {
  memory: WebAssembly.Memory;
  fitTile(...args: number[]): void;
}

/** A block of neighbouring pixels of one integration with all their samples, row by row. */
export class LikelihoodTile {
  /** Counts, a row of TILE per sample. */
  readonly data: Float32Array;
  /** Flags, same shape. */
  readonly dq: Uint8Array;
  /** OR of the flags of a pixel. */
  readonly any: Uint8Array;
  /** Rows of rate, error, var_P, var_R, chi squared, as of `fit`. */
  readonly out: Float32Array;
  /** Not 0 where the fit holds and found nothing to leave out. */
  readonly regular: Int32Array;

  private readonly kernel: Kernel | undefined;
  private readonly gain: Float32Array;
  private readonly noise: Float32Array;
  private readonly dark: Float32Array;
  private readonly constants: Float64Array;
  private readonly pairs: Int32Array;
  private readonly work: number;
  private readonly anyWords: Uint32Array;
  private readonly dqWords: Uint32Array;
  private readonly samples: number;
  private readonly diffs: number;

  constructor(c: Covariance, wasm = true) {
    const samples = c.n + 1;
    this.samples = samples;
    this.diffs = c.n;
    const pairs = medianNetwork(c.n);
    this.kernel = wasm && c.n <= DIFFERENCES_UP_TO ? instantiate<Kernel>(likelihoodWasm) : undefined;
    const sizes = [
      8 * 6 * c.n,
      16 * WORK * (c.n + 2),
      4 * samples * TILE,
      samples * TILE,
      4 * TILE,
      4 * TILE,
      4 * TILE,
    ];
    sizes.push(4 * 6 * TILE, 4 * pairs.length);
    const at: number[] = [];
    let end = 4096;
    for (const size of sizes) {
      at.push(end);
      end += Math.ceil(size / 16) * 16;
    }
    if (this.kernel !== undefined) ensureMemory(this.kernel.memory, end);
    const buffer = this.kernel === undefined ? new ArrayBuffer(end) : (this.kernel.memory.buffer as ArrayBuffer);
    this.constants = new Float64Array(buffer, at[0], 6 * c.n);
    [c.deltaT, c.alphaPhoton, c.alphaRead, c.betaPhoton, c.betaRead, c.pairs].forEach((row, i) => {
      this.constants.set(row, i * c.n);
    });
    this.work = at[1];
    this.data = new Float32Array(buffer, at[2], samples * TILE);
    this.dq = new Uint8Array(buffer, at[3], samples * TILE);
    this.dqWords = new Uint32Array(buffer, at[3], (samples * TILE) >> 2);
    this.gain = new Float32Array(buffer, at[4], TILE);
    this.noise = new Float32Array(buffer, at[5], TILE);
    this.dark = new Float32Array(buffer, at[6], TILE);
    this.out = new Float32Array(buffer, at[7], 5 * TILE);
    this.regular = new Int32Array(buffer, at[7] + 4 * 5 * TILE, TILE);
    this.pairs = new Int32Array(buffer, at[8], pairs.length);
    this.pairs.set(pairs);
    this.any = new Uint8Array(TILE);
    this.anyWords = new Uint32Array(this.any.buffer);
  }

  /**
   * Bring in `width` pixels of integration `i` that start at pixel `from` of the planes. Where a zero frame is used it becomes
   * the first sample, with the flags of the first group, and is taken out of the average that the first group is.
   */
  load(
    ramp: RampData,
    i: number,
    from: number,
    width: number,
    zeroframe: Float32Array | undefined,
    nframes: number,
  ): void {
    const { data, dq, anyWords, dqWords } = this;
    const npix = ramp.nrows * ramp.ncols;
    const skip = zeroframe === undefined ? 0 : 1;
    for (let g = 0; g < ramp.ngroups; g++) {
      const at = (i * ramp.ngroups + g) * npix + from;
      data.set(ramp.data.subarray(at, at + width), (g + skip) * TILE);
      dq.set(ramp.groupdq.subarray(at, at + width), (g + skip) * TILE);
    }
    if (zeroframe !== undefined) {
      data.set(zeroframe.subarray(i * npix + from, i * npix + from + width), 0);
      dq.copyWithin(0, TILE, 2 * TILE);
      for (let k = 0; k < width; k++)
        data[TILE + k] = Math.fround(Math.fround(data[TILE + k] * nframes) - data[k]) / (nframes - 1);
    }
    anyWords.fill(0);
    for (let s = 0; s < this.samples; s++)
      for (let k = 0, w = (s * TILE) >> 2; k < TILE >> 2; k++) anyWords[k] |= dqWords[w + k];
  }

  /** Fit the loaded pixels as far as that needs no search for jumps: fills `out` and `regular`. */
  fit(
    gain: Float32Array,
    noise: Float32Array,
    dark: Float32Array | undefined,
    from: number,
    width: number,
    thresholds: JumpThresholds,
    chisq: boolean,
  ): void {
    if (this.kernel === undefined) {
      this.regular.fill(0);
      return;
    }
    this.gain.set(gain.subarray(from, from + width));
    this.noise.set(noise.subarray(from, from + width));
    if (dark !== undefined) this.dark.set(dark.subarray(from, from + width));
    this.kernel.fitTile(
      this.data.byteOffset,
      this.dq.byteOffset,
      TILE,
      this.diffs,
      this.constants.byteOffset,
      this.pairs.byteOffset,
      this.pairs.length / 2,
      this.gain.byteOffset,
      this.noise.byteOffset,
      this.dark.byteOffset,
      thresholds.one,
      thresholds.two,
      chisq ? 1 : 0,
      this.work,
      this.out.byteOffset,
    );
  }
}

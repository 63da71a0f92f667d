import type { FitPlanes } from "../types.js";
import type { OlsConstants } from "./setup.js";
import { POWERS, type WeightTable } from "./weights.js";

/** Pixels of which the results are held before they go to the planes. */
const BATCH = 256;

/** Words of a result: rate, flags, var_P, var_R, error. */
const WORDS = 5;

/** Exports of the compiled fit: see assembly/parts/pixel.ts. */
export interface PixelExports {
  memory: WebAssembly.Memory;
  setSizes(...args: number[]): void;
  setTimes(...args: number[]): void;
  setMemory(...args: number[]): void;
  fitPixels(todo: number, n: number, results: number): void;
}

/** Sizes of a tile and of its ramps. */
export interface FlaggedSizes {
  nints: number;
  ngroups: number;
  /** First group in use, and how many. */
  first: number;
  used: number;
  /** Elements from row to row. */
  stride: number;
}

/** Where the rows of a tile lie. */
export interface FlaggedRows {
  data: number;
  dq: number;
  gain: number;
  noise: number;
  dark: number;
}

function layout({ nints, used, stride }: FlaggedSizes): { at: Record<string, number>; bytes: number } {
  // Weights of all lengths from 3 on.
  const weights = POWERS.length * ((used * (used + 1)) / 2 - 3);
  const sizes = {
    pixeldq: 4 * stride,
    zero: 4 * nints * stride,
    weights: 8 * weights,
    scratch: 16 * used * nints + 28 * used + 20 * nints,
    todo: 4 * BATCH,
    results: 4 * BATCH * WORDS * (nints + 1),
  };
  const at: Record<string, number> = {};
  let bytes = 0;
  for (const [name, size] of Object.entries(sizes)) {
    at[name] = bytes;
    bytes += Math.ceil(size / 16) * 16;
  }
  return { at, bytes };
}

/** Bytes that {@link FlaggedFit} needs beside the rows of a tile. */
export const flaggedBytes = (sizes: FlaggedSizes): number => layout(sizes).bytes;

/** The compiled fit of the pixels of a tile that have flags or odd values; it gives what `PixelFit` gives. */
export class FlaggedFit {
  private readonly kernel: PixelExports;
  private readonly nints: number;
  private readonly stride: number;
  private readonly pixeldq: Uint32Array;
  private readonly zero: Float32Array;
  private readonly todo: Int32Array;
  private readonly results: Float32Array;
  private readonly words: Uint32Array;

  /** @param offset - where `flaggedBytes` bytes of the kernel's memory are free */
  constructor(
    kernel: PixelExports,
    sizes: FlaggedSizes,
    rows: FlaggedRows,
    offset: number,
    table: WeightTable,
    t: OlsConstants,
    suppressOneGroup: boolean,
    zeroFrames: boolean,
  ) {
    const { nints, ngroups, first, used, stride } = sizes;
    const { at } = layout(sizes);
    const { buffer } = kernel.memory;
    this.kernel = kernel;
    this.nints = nints;
    this.stride = stride;
    this.pixeldq = new Uint32Array(buffer, offset + at.pixeldq, stride);
    this.zero = new Float32Array(buffer, offset + at.zero, nints * stride);
    this.todo = new Int32Array(buffer, offset + at.todo, BATCH);
    const count = BATCH * WORDS * (nints + 1);
    this.results = new Float32Array(buffer, offset + at.results, count);
    this.words = new Uint32Array(buffer, offset + at.results, count);
    let w = offset + at.weights;
    for (let length = 3; length <= used; length++)
      for (let p = 0; p < POWERS.length; p++, w += 8 * length)
        new Float64Array(buffer, w, length).set(table.get(p, length).slope);
    kernel.setSizes(nints, ngroups, first, used, stride, suppressOneGroup ? 1 : 0);
    kernel.setTimes(t.groupTime, t.frameTime, t.oneGroupTime);
    kernel.setMemory(
      rows.data,
      rows.dq,
      rows.gain,
      rows.noise,
      rows.dark,
      offset + at.pixeldq,
      zeroFrames ? offset + at.zero : 0,
      offset + at.weights,
      offset + at.scratch,
    );
  }

  /** Bring in what the tile itself does not have of its pixels. */
  load(pixeldq: Uint32Array, zeroframe: Float32Array | undefined, npix: number, from: number, width: number): void {
    this.pixeldq.set(pixeldq.subarray(from, from + width));
    if (zeroframe === undefined) return;
    for (let i = 0; i < this.nints; i++)
      this.zero.set(zeroframe.subarray(i * npix + from, i * npix + from + width), i * this.stride);
  }

  /** Fit the first n pixels of `todo`; results go to the planes, pixel 0 of the tile being pixel `from` of them. */
  fit(todo: Int32Array, n: number, from: number, rate: FitPlanes, rateints: FitPlanes): void {
    const npix = rate.slope.length;
    for (let j = 0; j < n; j += BATCH) {
      const batch = todo.subarray(j, Math.min(n, j + BATCH));
      this.todo.set(batch);
      this.kernel.fitPixels(this.todo.byteOffset, batch.length, this.results.byteOffset);
      let at = 0;
      for (let k = 0; k < batch.length; k++) {
        const p = from + batch[k];
        this.store(rate, p, at);
        at += WORDS;
        for (let i = 0; i < this.nints; i++, at += WORDS) this.store(rateints, i * npix + p, at);
      }
    }
  }

  private store(planes: FitPlanes, p: number, at: number): void {
    const { results } = this;
    planes.slope[p] = results[at];
    planes.dq[p] = this.words[at + 1];
    planes.varPoisson[p] = results[at + 2];
    planes.varRnoise[p] = results[at + 3];
    planes.err[p] = results[at + 4];
  }
}

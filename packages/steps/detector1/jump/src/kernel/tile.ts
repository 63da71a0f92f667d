import { ensureMemory, instantiate } from "@calwebb/array";
import { sortingNetwork } from "@calwebb/stats";
import { detectWasm } from "../generated/detect.wasm.js";
import type { RangeArgs } from "./range.js";
import type { SpotList } from "./spots.js";

/** Bytes of counts, flags and differences of a tile: few enough for the cache. */
const CACHE = 1 << 19;
/** Pixels by which rows are longer than a tile: rows a power of two apart would fall on the same few cache lines. */
const PAD = 16;
/** More differences are sorted pixel by pixel: a network's size grows faster than its speed pays. */
const NETWORK_UP_TO = 64;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  layout(...args: number[]): void;
  survey(...args: number[]): void;
  detect(...args: (number | boolean)[]): number;
  spotCount(): number;
}

/** What the kernel does with a pixel; see assembly/detect.ts. */
const MODES = { iterative: 0, single: 1, survey: 2 } as const;
export type TileMode = keyof typeof MODES;

/** A block of pixels with all their samples in the memory of the SIMD kernel: the work of pixels.ts on four pixels at once. */
export class DetectTile {
  readonly width: number;
  private readonly kernel: Kernel;
  private readonly row: number;
  private readonly samples: number;
  private readonly data: Float32Array;
  private readonly dq: Uint8Array;
  private readonly gain: Float32Array;
  private readonly readnoise: Float32Array;
  private readonly places: Int32Array;
  private readonly touched: Uint8Array;

  private constructor(kernel: Kernel, nints: number, ngroups: number) {
    const samples = nints * ngroups;
    const length = nints * (ngroups - 1);
    const width = Math.max(64, Math.min(2048, Math.floor(CACHE / (9 * samples)) & ~63));
    const row = width + PAD;
    const network = length <= NETWORK_UP_TO ? sortingNetwork(length) : [];
    // Every array starts on a vector.
    let end = 1024;
    const place = (bytes: number): number => {
      const at = end;
      end += Math.ceil(bytes / 16) * 16;
      return at;
    };
    const data = place(4 * samples * row);
    const dq = place(samples * row);
    const diffs = place(4 * length * row);
    const gain = place(4 * row);
    const readnoise = place(4 * row);
    const pairs = place(8 * network.length);
    const lanes = place(32 * length);
    const column = place(8 * length);
    const counts = place(4 * row);
    const list = place(4 * row);
    const limits = place(192);
    const marks = place(2 * length);
    const spots = place(4 * length * row);
    const touched = place(samples);
    ensureMemory(kernel.memory, end);
    const { buffer } = kernel.memory;
    // Offsets of the lanes, eight float32 each.
    new Int32Array(buffer, pairs, 2 * network.length).set(network.flat().map((i) => 32 * i));
    kernel.layout(
      data,
      dq,
      diffs,
      row,
      nints,
      ngroups,
      pairs,
      network.length,
      lanes,
      column,
      counts,
      list,
      limits,
      marks,
      spots,
      touched,
    );
    this.kernel = kernel;
    this.width = width;
    this.row = row;
    this.samples = samples;
    this.data = new Float32Array(buffer, data, samples * row);
    this.dq = new Uint8Array(buffer, dq, samples * row);
    this.gain = new Float32Array(buffer, gain, row);
    this.readnoise = new Float32Array(buffer, readnoise, row);
    this.places = new Int32Array(buffer, spots, length * row);
    this.touched = new Uint8Array(buffer, touched, samples);
  }

  /** @returns undefined where the platform has no WASM SIMD or forbids compiling it */
  static make(nints: number, ngroups: number): DetectTile | undefined {
    const kernel = instantiate<Kernel>(detectWasm);
    return kernel && new DetectTile(kernel, nints, ngroups);
  }

  /**
   * Flag the jumps of pixels [from, to), at most a tile, in `a.groupdq`, in place.
   * @param spots - receives the jumps that flag their neighbours
   * @returns the number of jumps
   */
  run(a: RangeArgs, mode: TileMode, from: number, to: number, spots: SpotList): number {
    const { kernel, row, samples, data, dq, gain, readnoise, touched } = this;
    const { npix, neighbours } = a;
    const [countFrom, countTo] = a.counted ?? [0, npix];
    const n = to - from;
    const width = Math.ceil(n / 4) * 4;
    gain.set(a.gain.subarray(from, to));
    readnoise.set(a.readnoise.subarray(from, to));
    if (width > n) {
      // Pixels beyond the range: without flags and without a usable difference.
      gain.fill(Number.NaN, n, width);
      dq.fill(0);
    }
    for (let s = 0, at = from; s < samples; s++, at += npix) {
      data.set(a.data.subarray(at, at + n), s * row);
      dq.set(a.groupdq.subarray(at, at + n), s * row);
    }
    touched.fill(0);
    const { threshold } = a;
    const [three, two] = mode === "iterative" ? [a.thresholdThree, a.thresholdTwo] : [threshold, threshold];
    const noise = [gain.byteOffset, readnoise.byteOffset, a.nframes] as const;
    kernel.survey(width, MODES[mode], ...noise, threshold, three, two);
    const spread = neighbours !== null;
    const { min, max } = neighbours ?? { min: 0, max: 0 };
    const jumps = kernel.detect(
      MODES[mode],
      ...noise,
      threshold,
      three,
      two,
      spread,
      min,
      max,
      countFrom - from,
      countTo - from,
    );
    spots.pushTile(this.places, kernel.spotCount(), row, from);
    for (let s = 0, at = from; s < samples; s++, at += npix)
      if (touched[s] !== 0) a.groupdq.set(dq.subarray(s * row, s * row + n), at);
    return jumps;
  }
}

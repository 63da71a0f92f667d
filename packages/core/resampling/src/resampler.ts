import { allocate, type NdArray, recycle, splitRange } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { interpretFlags } from "@calwebb/dqflags";
import {
  type DrizzleBand,
  drizzleBandTask,
  fillValue,
  finishVariancesTask,
  imageRange,
  mapExtent,
  putFill,
  releasePositions,
  scanLimits,
  type VarianceSums,
  type WeightSource,
} from "@calwebb/drizzle";
import { ValidationError } from "@calwebb/errors";
import { checkSize } from "./budget.js";
import { imageWcs, type OutputGrid } from "./output-grid.js";
import { meanPixelArea } from "./pixel-area.js";
import { positions } from "./pixel-map.js";
import { TimeKeeper, weightTime } from "./times.js";
import { type Resampled, type ResampleEnvironment, type ResampleOptions, VARIANCES } from "./types.js";

/** Rows of the output per piece of work. */
const BAND = 128;
/** Pixels of the output per piece of work. */
const PIECE = 1 << 18;
const BITS = 32;
const DEG = 180 / Math.PI;

/** Arrays of an exposure that resampling reads. */
export const INPUT_ARRAYS: readonly string[] = ["data", "err", "dq", ...VARIANCES];

/** A model's array as typed values when it is there and has the shape of the data. */
function arrayOf<T extends Float32Array | Uint32Array>(model: Model, name: string): T | null {
  if (!model.hasArray(name)) return null;
  const array = model.get(name) as NdArray<T>;
  return array.shape.join() === model.shape?.join() ? array.flat() : null;
}

/**
 * Combines exposures on one grid, one after the other; memory does not depend on how many there are, but for the planes of the
 * context.
 */
export class Resampler {
  readonly grid: OutputGrid;
  private readonly options: ResampleOptions;
  private readonly env: ResampleEnvironment;
  private readonly fill: number;
  private readonly goodBits: number | undefined;
  private readonly planes: number;
  private readonly out: Float32Array;
  private readonly wht: Float32Array;
  private readonly con: Int32Array | undefined;
  private readonly dq: Uint32Array | undefined;
  private readonly err: Float32Array | undefined;
  private readonly sums: { sum: Float32Array; total: Float32Array }[];
  private times = new TimeKeeper();
  private count = 0;
  private ratio: number | undefined;

  /** @throws {ValidationError} for a fill value that is no number, and for an output that would not fit into memory */
  constructor(grid: OutputGrid, options: ResampleOptions, env: ResampleEnvironment) {
    this.grid = grid;
    this.options = options;
    this.env = env;
    this.ratio = grid.scaleRatio;
    this.fill = fillValue(options.fillval);
    this.goodBits = interpretFlags(options.goodBits);
    this.planes = options.context ? Math.floor((Math.max(1, options.count) - 1) / BITS) + 1 : 0;
    const variances = options.error === "variance" ? VARIANCES.length : 0;
    const arrays =
      2 + this.planes + 2 * variances + (options.error === "drizzle" ? 1 : 0) + (options.propagateDq ? 1 : 0);
    checkSize(grid.nx, grid.ny, arrays, env.memoryBudget);
    const n = grid.nx * grid.ny;
    this.out = allocate("float32", n, "any");
    this.wht = allocate("float32", n, "any");
    this.con = this.planes > 0 ? allocate("int32", n * this.planes, "any") : undefined;
    this.dq = options.propagateDq ? allocate("uint32", n, "any") : undefined;
    this.err = options.error === "drizzle" ? allocate("float32", n, "any") : undefined;
    this.sums = Array.from({ length: variances }, () => ({
      sum: allocate("float32", n, "any"),
      total: allocate("float32", n, "any"),
    }));
    this.reset();
  }

  /** Size of output pixels over input pixels, once known. */
  get scaleRatio(): number | undefined {
    return this.ratio;
  }

  /** Start anew with the same arrays; what {@link finish} gave before is overwritten. */
  reset(): void {
    fillTwo(this.out, this.fill);
    fillTwo(this.wht, 0);
    this.con?.fill(0);
    this.dq?.fill(0);
    if (this.err) fillTwo(this.err, this.fill);
    for (const { sum, total } of this.sums) {
      fillTwo(sum, Number.NaN);
      fillTwo(total, 0);
    }
    this.times = new TimeKeeper();
    this.count = 0;
  }

  /**
   * Add an exposure whose arrays have been loaded.
   * @throws {ValidationError} for one that is not an image with a WCS
   */
  async add(model: Model): Promise<void> {
    const { grid, options, env } = this;
    const wcs = imageWcs(model);
    const name = model.meta.filename ?? "an exposure";
    if (model.shape?.length !== 2) throw new ValidationError(`${name} is not a two-dimensional image`);
    const [ny, nx] = model.shape;
    env.signal?.throwIfAborted();
    this.ratio ??= this.findRatio(model, nx, ny);
    const map = positions(wcs, grid.wcs, nx, ny, { step: options.pixmapStep, order: options.pixmapOrder });
    const variances = this.sums.map((s, i): VarianceSums => ({ ...s, variance: arrayOf(model, VARIANCES[i]) }));
    const { time } = weightTime(model);
    const { level, subtracted } = model.meta.background;
    const box = wcs.boundingBox;
    const plane = Math.floor(this.count / BITS);
    const n = grid.nx * grid.ny;
    const shared: Omit<DrizzleBand, "start" | "end"> = {
      data: arrayOf<Float32Array>(model, "data") as Float32Array,
      level: subtracted || typeof level !== "number" ? 0 : level,
      weight: weightSource(model, options.weightType, this.goodBits, env.log),
      map,
      extent: mapExtent(map),
      limits: scanLimits(map, imageRange(nx, ny, box && [box.at(0), box.at(1)]), grid.nx, grid.ny),
      kernel: options.kernel,
      pixfrac: options.pixfrac,
      scaleRatio: this.ratio ?? 1,
      factor: 1,
      out: this.out,
      wht: this.wht,
      con: this.con?.subarray(plane * n, (plane + 1) * n) ?? null,
      bit: 1 << (this.count % BITS),
      err: options.error === "drizzle" ? arrayOf(model, "err") : null,
      outErr: options.error === "drizzle" ? (this.err ?? null) : null,
      dq: this.dq ? arrayOf(model, "dq") : null,
      outDq: this.dq ?? null,
      variances,
      varianceWeight: options.weightType?.startsWith("ivm") && variances[0]?.variance ? undefined : (time ?? 1),
      onx: grid.nx,
      ony: grid.ny,
    };
    const pieces = splitRange(grid.ny, BAND).map(([start, end]) => ({ ...shared, start, end }));
    await env.executor.run(drizzleBandTask, pieces, { signal: env.signal });
    releasePositions(map);
    this.times.add(model);
    this.count++;
  }

  private findRatio(model: Model, nx: number, ny: number): number | undefined {
    const nominal = model.meta.photometry.pixelarea_steradians;
    const area = typeof nominal === "number" && nominal > 0 ? nominal : meanPixelArea(imageWcs(model), nx, ny);
    return area === undefined ? undefined : this.grid.pixelScale / (3600 * DEG * Math.sqrt(area));
  }

  /** Let go of all arrays, also of those that {@link finish} gave: neither they nor the resampler may be used any more. */
  release(): void {
    const { out, wht, con, dq, err, sums } = this;
    recycle(out, wht, ...[con, dq, err].filter((a) => a !== undefined), ...sums.flatMap((s) => [s.sum, s.total]));
  }

  /** Let go of all arrays but those that {@link finish} gave; the resampler must not be used any more. */
  releaseScratch(): void {
    recycle(...this.sums.slice(1).map((s) => s.total));
  }

  /** The combined image. Its arrays are the resampler's own. */
  async finish(): Promise<Resampled> {
    const { out, wht } = this;
    putFill(out, wht, this.fill);
    return {
      data: out,
      wht,
      con: this.con,
      planes: this.planes,
      dq: this.dq,
      err: await this.finishError(),
      variances: Object.fromEntries(this.sums.map((s, i) => [VARIANCES[i], s.sum])),
      times: this.times.result(),
    };
  }

  private async finishError(): Promise<Float32Array | undefined> {
    const { err, wht, env, sums } = this;
    const ratio = this.ratio ?? 1;
    if (err) {
      putFill(err, wht, this.fill);
      for (let p = 0; p < err.length; p++) err[p] /= ratio;
    }
    if (this.options.error !== "variance") return err;
    const totals = sums.map((s) => s.total);
    // The error of a pixel takes the place of its first total, which is of no use afterwards.
    const shared = { sums: sums.map((s) => s.sum), totals, err: totals[0], scale: 1 / (ratio * ratio) };
    const pieces = splitRange(wht.length, PIECE).map(([start, end]) => ({ ...shared, start, end }));
    await env.executor.run(finishVariancesTask, pieces, { signal: env.signal });
    return totals[0];
  }
}

/** Fill an array two elements at a time: shared memory is filled element by element. */
function fillTwo(values: Float32Array, value: number): void {
  const pair = new Float64Array(Float32Array.of(value, value).buffer)[0];
  const { buffer, byteOffset, length } = values;
  // A pair that is no number would lose its bits.
  if (pair - pair !== 0 || byteOffset % 8 !== 0 || length % 2 !== 0) values.fill(value);
  else new Float64Array(buffer, byteOffset, length / 2).fill(pair);
}

/**
 * How the weights of the pixels of an exposure are found: by its read noise variance or its exposure time, 0 for flagged pixels.
 * @param goodBits - flags that do not matter; undefined: none matters
 */
export function weightSource(
  model: Model,
  type: ResampleOptions["weightType"],
  goodBits: number | undefined,
  log: ResampleEnvironment["log"],
): WeightSource {
  let variance: Float32Array | null = null;
  let constant = 1;
  if (type === "exptime") constant = weightTime(model).time ?? 1;
  else if (type !== null) {
    const name = type === "ivm" ? "var_rnoise" : "var_sky";
    variance = arrayOf(model, name);
    if (variance === null) log.warn(`${model.meta.filename ?? "an exposure"} has no ${name}: its pixels weigh 1`);
  }
  return { dq: arrayOf<Uint32Array>(model, "dq"), goodBits, variance, constant };
}

import { allocate, ndarray, splitRange } from "@calwebb/array";
import { createModel, type ImageModel, type Models } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { StepContext } from "@calwebb/stpipe";
import { combineStackTask, meanOfIntegrationsTask, orPlane } from "./kernel.js";
import { type Box, boxOf, placer } from "./place.js";

/** An image or a cube of integrations. */
export type Exposure = Models["ImageModel"] | Models["CubeModel"] | Models["IFUImageModel"];
type Context = Pick<StepContext, "executor" | "signal" | "progress" | "log">;

/** Pixels per piece of work. */
const PIECE = 1 << 18;

/** Clipping of the step. */
export interface Clipping {
  sigma: number;
  /** 0: as many rounds as it takes. */
  maxiters: number;
}

interface Plane {
  data: Float32Array | Float64Array;
  variance: Float32Array | Float64Array;
}

/** Squares in float32. */
function squared(values: Float32Array): Float32Array {
  const out = allocate("float32", values.length);
  for (let i = 0; i < out.length; i++) out[i] = values[i] * values[i];
  return out;
}

/** Collects backgrounds at the pixels of an exposure, one after the other, and averages them. */
export class BackgroundStack {
  private readonly box: Box;
  private readonly dimensions: number;
  private readonly npix: number;
  private readonly planes: Plane[] = [];
  private readonly clipping: Clipping;
  private readonly context: Context;
  private readonly average: ImageModel;

  constructor(science: Exposure, clipping: Clipping, context: Context) {
    const shape = science.data.shape;
    this.box = boxOf(science);
    this.dimensions = shape.length;
    this.npix = shape[shape.length - 2] * shape[shape.length - 1];
    this.clipping = clipping;
    this.context = context;
    const image = shape.slice(-2);
    this.average = createModel("ImageModel", {
      data: ndarray("float32", image),
      err: ndarray("float32", image),
      dq: ndarray("uint32", image),
    });
  }

  /**
   * Add a background; its arrays may be kept.
   * @throws {ValidationError} when it has other dimensions than the exposure
   */
  async add(background: Exposure, name: string): Promise<void> {
    const { log } = this.context;
    const shape = background.data.shape;
    if (shape.length !== this.dimensions)
      throw new ValidationError(
        `the background ${name} has ${shape.length} dimensions, the exposure ${this.dimensions}: subtract rate from rate, rateints from rateints`,
        { file: name, got: `${shape.length} dimensions`, wanted: `${this.dimensions} dimensions` },
      );
    const { overlaps, place } = placer(this.box, boxOf(background));
    if (!overlaps) {
      log.warn(`the background ${name} covers another part of the detector; it is left out`);
      return;
    }
    log.info(`takes the background ${name}`);
    const nints = this.dimensions === 3 ? shape[0] : 1;
    const data = place(background.data.flat(), nints, Number.NaN);
    const err = place(background.err.flat(), nints, Number.NaN);
    const dq = place(background.dq.flat(), nints, 0);
    const all = this.average.dq.flat();
    for (let k = 0; k < nints; k++) orPlane(all, dq.subarray(k * this.npix, (k + 1) * this.npix));
    if (this.dimensions === 2) this.planes.push({ data, variance: squared(err) });
    else this.planes.push(await this.integrations(data, err, nints));
  }

  private async integrations(data: Float32Array, err: Float32Array, nints: number): Promise<Plane> {
    const { executor, signal } = this.context;
    const { npix, clipping } = this;
    const mean = allocate("float64", npix);
    const variance = allocate("float64", npix);
    const pieces = splitRange(npix, PIECE >> 3).map(([start, end]) => ({
      ...{ data, err, nints, npix, ...clipping, mean, variance, start, end },
    }));
    await executor.run(meanOfIntegrationsTask, pieces, { signal });
    return { data: mean, variance };
  }

  /** The combined background. */
  async combine(): Promise<ImageModel> {
    const { executor, signal, progress } = this.context;
    const shared = {
      data: this.planes.map((p) => p.data),
      variance: this.planes.map((p) => p.variance),
      ...this.clipping,
      mean: this.average.data.flat(),
      err: this.average.err.flat(),
    };
    const pieces = splitRange(this.npix, PIECE).map(([start, end]) => ({ ...shared, start, end }));
    progress.start(pieces.length, "background");
    await executor.run(combineStackTask, pieces, { signal, onDone: () => progress.advance() });
    return this.average;
  }
}

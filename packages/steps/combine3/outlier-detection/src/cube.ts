import { allocate, NdArray, splitRange } from "@calwebb/array";
import { type CubeModel, createModel, type Model } from "@calwebb/datamodels";
import { interpretFlags } from "@calwebb/dqflags";
import { drizzleWeight, flagPlain, medianPixelsTask, rollingMedianTask, weightThreshold } from "@calwebb/drizzle";
import { ValidationError } from "@calwebb/errors";
import { flagOutliers } from "@calwebb/resampling";
import { setWcs, wcsOf } from "@calwebb/wcs";
import { errorsOf, loadArrays, values } from "./flag.js";
import type { Context } from "./types.js";

/** Pixels per piece of work. */
const PIECE = 1 << 14;

/** 1 for pixels without flags that matter, 0 for the others. */
function goodPixels(model: Model, goodBits: string): Float32Array {
  const dq = values<Uint32Array>(model, "dq");
  const weight = allocate("float32", dq.length);
  const source = { dq, goodBits: interpretFlags(goodBits), variance: null, constant: 1 };
  drizzleWeight(source, 0, dq.length, weight);
  return weight;
}

/** Read a cube. @throws {ValidationError} when the model is not one */
async function openCube(model: Model): Promise<[n: number, ny: number, nx: number]> {
  if (model.modelType !== "CubeModel" || model.shape?.length !== 3)
    throw new ValidationError(
      `${model.meta.filename ?? "the input"} is a ${model.modelType}; a cube of integrations is needed`,
      { got: model.modelType, wanted: "CubeModel" },
    );
  await loadArrays(model);
  return [model.shape[0], model.shape[1], model.shape[2]];
}

/** A copy of the data that has NaN where the weight is below the threshold. */
function masked(data: Float32Array, weight: Float32Array, threshold: number): Float32Array {
  const out = allocate("float32", data.length);
  for (let p = 0; p < data.length; p++) out[p] = weight[p] < threshold ? Number.NaN : data[p];
  return out;
}

async function plainMedian(stack: Float32Array, n: number, npix: number, ctx: Context): Promise<Float32Array> {
  const out = allocate("float32", npix);
  const pieces = splitRange(npix, PIECE).map(([start, end]) => ({ stack, n, npix, out, start, end }));
  await ctx.executor.run(medianPixelsTask, pieces, { signal: ctx.signal });
  return out;
}

async function report(model: Model, outliers: Uint8Array, ctx: Context): Promise<void> {
  ctx.log.info(`${await flagOutliers(model, model, outliers, ctx)} pixels are outliers`);
}

/** Coronagraphy: integrations are compared with their median. In place. */
export async function flagCoron(model: Model, snr: number, ctx: Context): Promise<void> {
  const [n, ny, nx] = await openCube(model);
  const weight = goodPixels(model, ctx.params.good_bits);
  const data = values(model, "data");
  const median = await plainMedian(masked(data, weight, weightThreshold(weight, ctx.params.maskpt)), n, ny * nx, ctx);
  if (ctx.params.save_intermediate_results) {
    const product = createModel("ImageModel", { data: new NdArray(median, [ny, nx]) });
    product.update(model);
    setWcs(product, wcsOf(model));
    await ctx.saveModel(product, { suffix: "median", name: model.meta.filename });
  }
  await report(model, flagPlain(data, errorsOf(model), median, snr), ctx);
}

/** Time series: every integration is compared with the median of those around it. In place. */
export async function flagSeries(model: Model, snr: number, ctx: Context): Promise<void> {
  const [n, ny, nx] = await openCube(model);
  const npix = ny * nx;
  const { rolling_window_width: width, maskpt, good_bits, save_intermediate_results } = ctx.params;
  const data = values(model, "data");
  const weight = goodPixels(model, good_bits);
  let medians: Float32Array | Float64Array;
  if (width > 1 && width < n) {
    const stack = masked(data, weight, weightThreshold(weight, maskpt));
    const out = allocate("float64", data.length);
    const pieces = splitRange(npix, PIECE).map(([start, end]) => ({ stack, n, npix, width, out, start, end }));
    await ctx.executor.run(rollingMedianTask, pieces, { signal: ctx.signal });
    medians = out;
  } else medians = await plainMedian(data, n, npix, ctx);
  if (save_intermediate_results) {
    const cube = allocate("float32", data.length);
    for (let p = 0; p < cube.length; p += medians.length) cube.set(medians, p);
    const product: CubeModel = createModel("CubeModel", { data: new NdArray(cube, [n, ny, nx]) });
    product.update(model);
    await ctx.saveModel(product, { suffix: "median", name: model.meta.filename });
  }
  await report(model, flagPlain(data, errorsOf(model), medians, snr), ctx);
}

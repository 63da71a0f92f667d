import { allocate, NdArray, recycle, splitRange } from "@calwebb/array";
import { createModel, groupIdOf, type ImageModel, type Model } from "@calwebb/datamodels";
import { interpretFlags } from "@calwebb/dqflags";
import { drizzleWeight, flagPlain, releasePositions, weightThreshold } from "@calwebb/drizzle";
import { ValidationError } from "@calwebb/errors";
import {
  fillProduct,
  flagOutliers,
  imageWcs,
  newProduct,
  type OutputGrid,
  outputGrid,
  positions,
  Resampler,
  readExposure,
  regionsOf,
  weightSource,
  writeWcsinfo,
} from "@calwebb/resampling";
import { setWcs, wcsOf } from "@calwebb/wcs";
import { CHANGED, errorsOf, values } from "./flag.js";
import { type FlagBand, flagBandTask } from "./flag-band.js";
import { shelve } from "./shelf.js";
import { fileStack, memoryStack, type Stack } from "./stack.js";
import type { Context } from "./types.js";

/** Rows per piece of flagging. */
const ROWS = 128;

/** Arrays that the median of drizzled exposures is made of. */
const DRIZZLED = ["data", "dq", "var_rnoise"];

/** The two passes. */
export interface Thresholds {
  snr: [number, number];
  scale: [number, number];
}

/** Where the median of exposures lies. */
interface Median {
  image: Float32Array;
  /** Undefined: on the pixels of the exposures. */
  grid: OutputGrid | undefined;
}

async function newStack(n: number, npix: number, ctx: Context): Promise<Stack> {
  if (ctx.params.in_memory) return memoryStack(n, npix);
  return fileStack(npix, await ctx.scratch());
}

/** Set pixels of low weight to NaN, in place. */
function maskLow(data: Float32Array, weight: Float32Array, fraction: number): void {
  const threshold = weightThreshold(weight, fraction);
  for (let p = 0; p < data.length; p++) if (weight[p] < threshold) data[p] = Number.NaN;
}

function groupsOf(models: readonly Model[]): Model[][] {
  const groups = new Map<string, Model[]>();
  models.forEach((model, i) => {
    const id = groupIdOf(model) ?? `exposure${i}`;
    groups.set(id, [...(groups.get(id) ?? []), model]);
  });
  return [...groups.values()];
}

/** Name that intermediate products of a group start from. */
const nameOf = (model: Model): string => model.meta.filename ?? "exposure_cal.fits";

/** Median of the exposures on a common grid. */
async function resampledMedian(models: readonly Model[], ctx: Context): Promise<Median> {
  const { params, log, progress } = ctx;
  const grid = outputGrid(models);
  const groups = groupsOf(models);
  const resampler = new Resampler(
    grid,
    {
      kernel: params.kernel,
      pixfrac: params.pixfrac,
      fillval: params.fillval,
      weightType: params.weight_type,
      goodBits: params.good_bits,
      context: false,
      error: null,
      propagateDq: false,
      pixmapStep: params.pixmap_stepsize,
      pixmapOrder: params.pixmap_order,
      count: models.length,
    },
    ctx,
  );
  const stack = await newStack(groups.length, grid.nx * grid.ny, ctx);
  progress.start(groups.length + models.length, "outlier detection");
  let first: ImageModel | undefined;
  for (const [i, group] of groups.entries()) {
    if (i > 0) resampler.reset();
    for (const model of group) {
      const { exposure, release } = await readExposure(model, DRIZZLED);
      await resampler.add(exposure);
      release();
    }
    const image = await resampler.finish();
    if (params.save_intermediate_results) {
      const product = newProduct(group[0], grid);
      fillProduct(product, grid, image, {
        pixfrac: params.pixfrac,
        kernel: params.kernel,
        fillval: params.fillval,
        weightType: params.weight_type,
        scaleRatio: resampler.scaleRatio,
        reportVariances: false,
      });
      // As in the reference implementation: pointings so far, and the footprint of all exposures.
      product.meta.resample.pointings = i + 1;
      writeWcsinfo(product, grid, regionsOf(models), log);
      product.meta.cal_step.resample = "COMPLETE";
      await ctx.saveModel(product, { suffix: "outlier_i2d", name: nameOf(group[0]) });
      first ??= product;
    }
    maskLow(image.data, image.wht, params.maskpt);
    await stack.add(image.data);
    progress.advance();
  }
  const image = await stack.median(ctx.executor, ctx.signal);
  // An intermediate product shares the arrays, and is still of use.
  if (!first) resampler.release();
  if (first) await saveMedian(first, image, [grid.ny, grid.nx], nameOf(groups[0][0]), ctx);
  return { image, grid };
}

/** Median of the exposures pixel by pixel. @throws {ValidationError} when they differ in size */
async function plainMedian(models: readonly Model[], ctx: Context): Promise<Median> {
  const { params, log } = ctx;
  const [shape] = models.map((m) => m.shape ?? []);
  const odd = models.find((m) => m.shape?.join() !== shape.join());
  if (odd)
    throw new ValidationError(
      `without resampling all exposures must have one size; ${nameOf(odd)} has ${odd.shape?.join(" x ")}`,
      { got: odd.shape?.join(" x "), wanted: shape.join(" x ") },
    );
  const npix = shape[0] * shape[1];
  const stack = await newStack(models.length, npix, ctx);
  const weight = new Float32Array(npix);
  const data = new Float32Array(npix);
  ctx.progress.start(2 * models.length, "outlier detection");
  for (const model of models) {
    const { exposure, release } = await readExposure(model, DRIZZLED);
    drizzleWeight(weightSource(exposure, params.weight_type, interpretFlags(params.good_bits), log), 0, npix, weight);
    data.set(values(exposure, "data"));
    release();
    maskLow(data, weight, params.maskpt);
    await stack.add(data);
    ctx.progress.advance();
  }
  const image = await stack.median(ctx.executor, ctx.signal);
  if (params.save_intermediate_results) await saveMedian(models[0], image, shape, nameOf(models[0]), ctx);
  return { image, grid: undefined };
}

async function saveMedian(
  like: Model,
  image: Float32Array,
  shape: readonly number[],
  name: string,
  ctx: Context,
): Promise<void> {
  const product = createModel("ImageModel", { data: new NdArray(image, shape) });
  product.update(like);
  setWcs(product, wcsOf(like));
  await ctx.saveModel(product, { suffix: "median", name });
}

/** Outliers of an exposure against the median on a common grid. */
async function flagDithered(model: Model, median: Median, thresholds: Thresholds, ctx: Context): Promise<Uint8Array> {
  const { params, executor, signal } = ctx;
  const grid = median.grid as OutputGrid;
  const [ny, nx] = model.shape as [number, number];
  const map = positions(imageWcs(model), grid.wcs, nx, ny, {
    step: params.pixmap_stepsize,
    order: params.pixmap_order,
  });
  const { level, subtracted } = model.meta.background;
  const outliers = allocate("uint8", nx * ny);
  const blotted = params.save_intermediate_results ? allocate("float32", nx * ny) : null;
  const shared: Omit<FlagBand, "start" | "end"> = {
    map,
    median: median.image,
    snx: grid.nx,
    sny: grid.ny,
    data: values(model, "data"),
    err: errorsOf(model),
    background: subtracted === false && typeof level === "number" ? level : params.backg,
    ...thresholds,
    outliers,
    blotted,
  };
  const pieces = splitRange(ny, ROWS).map(([start, end]) => ({ ...shared, start, end }));
  await executor.run(flagBandTask, pieces, { signal });
  releasePositions(map);
  if (blotted) {
    const product = createModel("ImageModel", { data: new NdArray(blotted, [ny, nx]) });
    product.update(model);
    setWcs(product, wcsOf(model));
    await ctx.saveModel(product, { suffix: "blot", name: nameOf(model) });
  }
  return outliers;
}

/** Flag the outliers of dithered exposures, in place. The list gets the models that hold the result. */
export async function flagImages(models: Model[], thresholds: Thresholds, ctx: Context): Promise<void> {
  const { params, log, progress } = ctx;
  for (const model of models)
    if (model.modelType !== "ImageModel" || model.shape?.length !== 2)
      throw new ValidationError(`${nameOf(model)} is a ${model.modelType}; images are needed`, {
        got: model.modelType,
        wanted: "ImageModel",
      });
  const median = params.resample_data ? await resampledMedian(models, ctx) : await plainMedian(models, ctx);
  for (const [i, model] of models.entries()) {
    ctx.signal.throwIfAborted();
    const { exposure: work, release } = await readExposure(model, CHANGED);
    const found =
      median.grid === undefined
        ? flagPlain(values(work, "data"), errorsOf(work), median.image, thresholds.snr[0])
        : await flagDithered(work, median, thresholds, ctx);
    log.info(`${nameOf(work)}: ${await flagOutliers(model, work, found, ctx)} pixels are outliers`);
    recycle(found);
    release();
    const held = CHANGED.some((name) => model.hasArray(name) && !model.isUnread(name));
    if (!params.in_memory && held) models[i] = await shelve(model, ctx.scratch);
    progress.advance();
  }
  // Intermediate products may share the memory of the median.
  if (!params.save_intermediate_results) recycle(median.image);
}

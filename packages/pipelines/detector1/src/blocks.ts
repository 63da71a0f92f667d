import { allocate, NdArray, splitRange, type TypedArray } from "@calwebb/array";
import type { CubeModel, ImageModel, Model, RampModel } from "@calwebb/datamodels";
import { group } from "@calwebb/dqflags";
import { type Context, type Prepared, rowsOf } from "./integrations.js";
import { FEWEST_ROWS, release } from "./memory.js";
import type { RampStepName } from "./order.js";

/** Rows [start, end) of the exposure, fitted as the subarray of rows [from, to). */
interface Block {
  start: number;
  end: number;
  from: number;
  to: number;
  /** A row outside [start, end) that stands for the rest of the exposure; undefined when there is no rest. */
  guard: number | undefined;
}

/**
 * Cut the rows into blocks. Jumps spread to neighbouring pixels, so each block gets a row more on either side, and beyond that the
 * guard row.
 */
export function rowBlocks(nrows: number, rows: number): Block[] {
  const ranges = splitRange(nrows, Math.max(FEWEST_ROWS, rows));
  const last = ranges.at(-1) as [number, number];
  // A last block of a row or two would leave the one before it without a guard.
  if (ranges.length > 1 && last[1] - last[0] < FEWEST_ROWS) {
    ranges.pop();
    (ranges.at(-1) as [number, number])[1] = nrows;
  }
  return ranges.map(([start, end]) => {
    const from = start === 0 ? 0 : start - 2;
    const to = end === nrows ? nrows : end + (start === 0 ? 2 : 1);
    const guard = start > 0 ? from : end < nrows ? to - 1 : undefined;
    return { start, end, from, to, guard };
  });
}

/**
 * Steps also look at whether a group is unusable in the whole image. The guard row answers for the rows that are not here: it is
 * unusable exactly where the image is, and empty otherwise.
 */
function raiseGuard(
  data: Float32Array,
  groupdq: Uint8Array,
  unusable: Uint8Array,
  row: number,
  size: number,
  ncols: number,
): void {
  for (let plane = 0; plane < unusable.length; plane++) {
    const at = plane * size + row * ncols;
    data.fill(0, at, at + ncols);
    groupdq.fill(unusable[plane] !== 0 ? group.DO_NOT_USE : 0, at, at + ncols);
  }
}

/** Memory for the ramps of a block, used by one block after the other. */
interface Buffers {
  data: Float32Array;
  groupdq: Uint8Array;
}

async function blockModel(p: Prepared, block: Block, buffers: Buffers): Promise<RampModel> {
  const { nints, ngroups, ncols } = p.spill.shape;
  const { from, to } = block;
  const size = (to - from) * ncols;
  const data = buffers.data.subarray(0, nints * ngroups * size);
  const groupdq = buffers.groupdq.subarray(0, nints * ngroups * size);
  await p.spill.rows(from, to, data, groupdq);
  const pixeldq = rowsOf(p.pixeldq, p.spill.shape, from, to).reshape(to - from, ncols);
  if (block.guard !== undefined) {
    raiseGuard(data, groupdq, p.spill.unusable, block.guard - from, size, ncols);
    pixeldq.data.fill(0, (block.guard - from) * ncols, (block.guard - from + 1) * ncols);
  }
  const model = p.template.cloneShallow();
  model.data = new NdArray(data, [nints, ngroups, to - from, ncols]);
  model.groupdq = new NdArray(groupdq, [nints, ngroups, to - from, ncols]);
  model.pixeldq = pixeldq;
  if (p.averageDark !== undefined)
    model.average_dark_current = rowsOf(p.averageDark, p.spill.shape, from, to).reshape(to - from, ncols);
  if (p.zeroframe !== undefined) model.zeroframe = rowsOf(p.zeroframe, p.spill.shape, from, to);
  model.tree["own_rows"] = [block.start - from, block.end - from];
  const { subarray } = model.meta;
  subarray.xstart ??= 1;
  subarray.xsize ??= ncols;
  subarray.ystart = (subarray.ystart ?? 1) + from;
  subarray.ysize = to - from;
  return model;
}

const PLANES = ["data", "dq", "err", "var_poisson", "var_rnoise"] as const;
type Rates = ImageModel | CubeModel;

/** Rates of the whole exposure, put together from those of blocks. */
class Assembly<M extends Rates> {
  readonly model: M;
  private readonly nrows: number;
  private readonly ncols: number;
  private readonly count: number;

  constructor(first: M, template: RampModel, nrows: number, ncols: number) {
    this.nrows = nrows;
    this.ncols = ncols;
    this.count = first.data.shape.length === 3 ? first.data.shape[0] : 1;
    this.model = first.cloneShallow() as M;
    delete this.model.tree["own_rows"];
    for (const name of PLANES) {
      const block = first[name];
      const whole = allocate(block.dtype, this.count * nrows * ncols);
      this.model.set(name, new NdArray(whole as TypedArray, [...block.shape.slice(0, -2), nrows, ncols]));
    }
    for (const name of ["xstart", "xsize", "ystart", "ysize"] as const) {
      const value = template.meta.subarray[name];
      if (value === undefined) this.model.delete(`meta.subarray.${name}`);
      else this.model.meta.subarray[name] = value;
    }
  }

  add(part: M, block: Block): void {
    const { ncols, nrows } = this;
    const height = block.to - block.from;
    for (const name of PLANES) {
      const from = part[name].flat();
      const to = this.model[name].flat();
      for (let i = 0; i < this.count; i++) {
        const at = (i * height + block.start - block.from) * ncols;
        to.set(from.subarray(at, at + (block.end - block.start) * ncols), (i * nrows + block.start) * ncols);
      }
    }
  }
}

/** Statistics of the jumps in the header: rates per area, of the block's own rows. */
const RATES = ["primary_cosmic_rays", "extended_emission_events"] as const;

/** What has been put together so far. */
interface Result {
  rate?: Assembly<ImageModel>;
  rateints?: Assembly<CubeModel>;
  statistics: Map<string, number>;
}

/** Fit one block and take over its rates; false when there is nothing to fit. */
async function fitBlock(
  p: Prepared,
  block: Block,
  buffers: Buffers,
  order: readonly RampStepName[],
  ctx: Context,
  result: Result,
): Promise<boolean> {
  const { nrows, ncols } = p.spill.shape;
  let ramp: Model = await blockModel(p, block, buffers);
  for (const alias of order) {
    ramp = (await ctx.run[alias](ramp)) as Model;
    release();
  }
  const { statistics } = result;
  for (const name of RATES) {
    const value = ramp.meta.exposure[name];
    if (value !== undefined)
      statistics.set(name, (statistics.get(name) ?? 0) + (value * (block.end - block.start)) / nrows);
  }
  const [rate, rateints] = (await ctx.run.ramp_fit(ramp)) as [ImageModel?, CubeModel?];
  if (rate === undefined || rateints === undefined) return false;
  result.rate ??= new Assembly(rate, p.template, nrows, ncols);
  result.rateints ??= new Assembly(rateints, p.template, nrows, ncols);
  result.rate.add(rate, block);
  result.rateints.add(rateints, block);
  return true;
}

/**
 * Run the steps of `order` and the fit on blocks of rows, over all integrations.
 * @returns the rates over the exposure and per integration; nothing when nothing can be fitted
 */
export async function fitRows(
  p: Prepared,
  rows: number,
  order: readonly RampStepName[],
  ctx: Context,
): Promise<[ImageModel, CubeModel] | []> {
  const { nints, ngroups, nrows, ncols } = p.spill.shape;
  const plane = (flags: Uint8Array, g: number): boolean =>
    Array.from({ length: nints }, (_, i) => flags[i * ngroups + g]).every((f) => f !== 0);
  let first = 0;
  if (p.template.meta.instrument.name === "MIRI") while (first < ngroups - 1 && plane(p.spill.unusable, first)) first++;
  if (plane(p.spill.saturated, first)) {
    ctx.log.warn("all ramps of all integrations are saturated: nothing is fitted");
    return [];
  }
  const blocks = rowBlocks(nrows, rows);
  const height = Math.max(...blocks.map((b) => b.to - b.from));
  const buffers = {
    data: allocate("float32", nints * ngroups * height * ncols),
    groupdq: allocate("uint8", nints * ngroups * height * ncols),
  };
  const result: Result = { statistics: new Map() };
  for (const block of blocks) {
    ctx.log.info(`rows ${block.start + 1} to ${block.end} of ${nrows}`);
    const fitted = await fitBlock(p, block, buffers, order, ctx, result);
    release();
    if (!fitted) return [];
  }
  if (result.rate === undefined || result.rateints === undefined) return [];
  const models: [ImageModel, CubeModel] = [result.rate.model, result.rateints.model];
  for (const model of models) for (const [name, value] of result.statistics) model.set(`meta.exposure.${name}`, value);
  return models;
}

import { allocate, NdArray } from "@calwebb/array";
import { type AssociationLike, createModel, type ImageModel, type Model, ModelContainer } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { ProcessOf, StepContext } from "@calwebb/stpipe";
import { wcsOf } from "@calwebb/wcs";
import { nearest } from "./kernel/refine.js";
import { combine, refineOffset, shiftImage } from "./kernel.js";
import type { WfsCombineStep } from "./step.js";

type Context = StepContext<{
  do_refine: boolean;
  flip_dithers: boolean;
  psf_size: number;
  blur_size: number;
  n_size: number;
}>;

const nameOf = (model: Model): string => model.meta.filename ?? "an exposure";

/** Where the middle of the first image is on the second, less where it is on the first [pixel]. */
function offsetOf(a: ImageModel, b: ImageModel): [number, number] {
  const [from, to] = [a, b].map((model) => {
    const wcs = wcsOf(model);
    if (wcs) return wcs;
    throw new ValidationError(`${nameOf(model)} has no world coordinates: run assign_wcs first`, { where: "meta.wcs" });
  });
  const [ny, nx] = a.data.shape;
  const [x, y] = [Math.trunc(nx / 2), Math.trunc(ny / 2)];
  const sky = from.evaluate([Float64Array.of(x), Float64Array.of(y)], { withBoundingBox: false });
  const [px, py] = to.invert(sky, { withBoundingBox: false });
  if (!Number.isFinite(px[0] + py[0]))
    throw new ValidationError(`the middle of ${nameOf(a)} is nowhere in ${nameOf(b)}`, { file: nameOf(b) });
  return [px[0] - x, py[0] - y];
}

async function loadImage(model: ImageModel): Promise<void> {
  await model.load("data", "dq", "err");
  if (model.shape?.length !== 2)
    throw new ValidationError(`${nameOf(model)} is not an image`, { got: String(model.shape) });
  model.data = model.data.copy();
  const data = model.data.flat();
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) data[i] = 0;
}

/** Combine two exposures. */
async function combinePair(one: ImageModel, two: ImageModel, { params, log }: Context): Promise<ImageModel> {
  await loadImage(one);
  await loadImage(two);
  const [ny, nx] = one.data.shape;
  if (two.data.shape[0] !== ny || two.data.shape[1] !== nx)
    throw new ValidationError(`${nameOf(two)} is ${two.data.shape.join(" x ")}, ${nameOf(one)} is ${ny} x ${nx}`, {
      got: two.data.shape.join(" x "),
      wanted: `${ny} x ${nx}`,
    });
  const swap = params.flip_dithers && nearest(offsetOf(one, two)[0]) < 0;
  const [a, b] = swap ? [two, one] : [one, two];
  const exact = offsetOf(a, b);
  const offset: [number, number] = [nearest(exact[0]), nearest(exact[1])];
  const images = [a, b].map((m) => ({ data: m.data.flat(), dq: m.dq.copy().data, err: m.err.copy().data }));
  if (params.do_refine) {
    const change = refineOffset(images[0], images[1], ny, nx, offset, params);
    if (change === undefined)
      throw new ValidationError(
        `the offset of ${nameOf(b)} from ${nameOf(a)} cannot be measured: they do not overlap around the PSF, or have no good pixels there`,
        { file: nameOf(b) },
      );
    log.info(`the offset on the images differs by x ${change[0].toFixed(2)}, y ${change[1].toFixed(2)} pixels`);
    offset[0] += nearest(change[0]);
    offset[1] += nearest(change[1]);
  }
  log.info(`${nameOf(b)} is moved onto ${nameOf(a)} by x ${-offset[0]}, y ${-offset[1]} pixels`);
  const moved = {
    data: allocate("float32", ny * nx),
    dq: allocate("uint32", ny * nx),
    err: allocate("float32", ny * nx),
  };
  shiftImage(images[1].data, moved.data, ny, nx, ...offset);
  shiftImage(images[1].dq, moved.dq, ny, nx, ...offset);
  shiftImage(images[1].err, moved.err, ny, nx, ...offset);
  combine(images[0], moved);
  const shape = [ny, nx];
  const out = createModel("ImageModel", {
    data: new NdArray(images[0].data, shape),
    dq: new NdArray(images[0].dq, shape),
    err: new NdArray(images[0].err, shape),
  });
  out.update(a);
  return out;
}

function parse(text: string, file: string): AssociationLike {
  try {
    const asn = JSON.parse(text) as AssociationLike;
    if (Array.isArray(asn.products) && asn.products.every((p) => Array.isArray(p.members))) return asn;
  } catch {
    // The message below says what is wrong.
  }
  throw new ValidationError(`${file} is not an association with products`, { file });
}

/** Combine the pair of every product of the association; open models are one pair. */
export const process: ProcessOf<typeof WfsCombineStep> = async (input, ctx) => {
  const given = input as unknown as string | Iterable<Model>;
  const results = new ModelContainer();
  if (typeof given !== "string") {
    const [one, two] = [...given] as ImageModel[];
    if (two === undefined) throw new ValidationError("wavefront sensing combines pairs; there is no second exposure");
    results.append(await combinePair(one, two, ctx));
    return results;
  }
  const table = given.slice(given.lastIndexOf("/") + 1);
  const asn = parse(await ctx.readText(given), given);
  ctx.progress.start(asn.products.length, "wfs_combine");
  for (const product of asn.products) {
    ctx.signal.throwIfAborted();
    const science = product.members.filter((m) => m.exptype.toLowerCase() === "science");
    if (science.length < 2)
      throw new ValidationError(
        `product ${product.name} of ${given} has ${science.length} science exposures, not a pair`,
        {
          file: given,
          got: String(science.length),
          wanted: "2",
        },
      );
    const [one, two] = await Promise.all(
      science.slice(0, 2).map((m) => ctx.openModel(m.expname, { model: "ImageModel" })),
    );
    const result = await combinePair(one, two, ctx);
    if (asn.asn_pool !== undefined) result.meta.asn.pool_name = asn.asn_pool;
    result.meta.cal_step.wfs_combine = "COMPLETE";
    result.meta.asn.table_name = table;
    const name = (product.name ?? "combined").replace("{suffix}", String(ctx.params.suffix ?? "wfscmb"));
    result.meta.filename = `${name}${ctx.params.output_ext ?? ".fits"}`;
    results.append(result);
    ctx.progress.advance();
  }
  // The association gives the whole name: no suffix is put after it. Nothing is written before all pairs are combined.
  for (const result of results) await ctx.saveResult(result, { name: result.meta.filename, suffix: false });
  ctx.resultsAreSaved();
  return results;
};

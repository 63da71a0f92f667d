import { ValidationError } from "@calwebb/errors";
import type { Model } from "../model.js";

/** Where warnings about doubtful keywords go. */
export interface WarnLog {
  warn(message: string): void;
}

/** Corner (1-based) and size of the part of the detector that a model covers. */
export interface Region {
  xstart: number;
  ystart: number;
  xsize: number;
  ysize: number;
}

const fullSize = (model: Model): [nx: number, ny: number] =>
  model.meta.instrument.name?.toUpperCase() === "MIRI" ? [1032, 1024] : [2048, 2048];

/** Shape of the array that a model is about: linearity coefficients, data, or what else is primary. */
function shapeOf(model: Model): readonly number[] {
  const shape =
    model.shape ?? (model.hasArray("coeffs") ? (model.get("coeffs") as { shape: number[] }).shape : undefined);
  if (shape === undefined || shape.length < 2)
    throw new ValidationError(`${nameOf(model)} has no array of two or more dimensions`, { file: model.meta.filename });
  return shape;
}

export const nameOf = (model: Model): string => `${model.modelType} ${model.meta.filename ?? "in memory"}`;

/** Whether an exposure covers less than the whole detector. */
export function isSubarray(model: Model): boolean {
  const shape = shapeOf(model);
  const [nx, ny] = fullSize(model);
  return shape[shape.length - 1] < nx || shape[shape.length - 2] < ny;
}

function stated(model: Model): Region | undefined {
  // A model that has been through extract_2d says it at its top level.
  const top = (name: string): number | undefined =>
    typeof model.get(name) === "number" ? (model.get(name) as number) : undefined;
  const { subarray } = model.meta;
  const xstart = top("xstart") ?? subarray.xstart;
  const ystart = top("ystart") ?? subarray.ystart;
  const xsize = top("xsize") ?? subarray.xsize;
  const ysize = top("ysize") ?? subarray.ysize;
  if (xstart === undefined || ystart === undefined || xsize === undefined || ysize === undefined) return undefined;
  return { xstart, ystart, xsize, ysize };
}

function checked(region: Region, model: Model, log: WarnLog | undefined): Region {
  if (region.xstart < 1 || region.ystart < 1)
    throw new ValidationError(
      `${nameOf(model)}: the subarray corner is (${region.xstart}, ${region.ystart}), wanted 1 or more`,
      { file: model.meta.filename, where: "SUBSTRT1, SUBSTRT2" },
    );
  const shape = shapeOf(model);
  const nx = shape[shape.length - 1];
  const ny = shape[shape.length - 2];
  const out = { ...region };
  if (out.xsize !== nx) {
    log?.warn(`${nameOf(model)}: SUBSIZE1 is ${out.xsize}, the array has ${nx} columns; using the array`);
    out.xsize = nx;
  }
  // NIRSpec IRS2 readouts have interleaved reference rows: 3200 rows for 2048.
  if (out.ysize !== ny && !(out.ysize === 2048 && ny === 3200)) {
    log?.warn(`${nameOf(model)}: SUBSIZE2 is ${out.ysize}, the array has ${ny} rows; using the array`);
    out.ysize = ny;
  }
  return out;
}

/**
 * The region of a reference file. When its keywords are missing and it is full frame, they are taken to be so and set.
 * @throws {ValidationError} when they are missing and it is not full frame, or are impossible
 */
export function referenceRegion(reference: Model, log?: WarnLog): Region {
  const { subarray } = reference.meta;
  const { xstart, ystart, xsize, ysize } = subarray;
  if (xstart !== undefined && ystart !== undefined && xsize !== undefined && ysize !== undefined)
    return checked({ xstart, ystart, xsize, ysize }, reference, log);
  const shape = shapeOf(reference);
  const [nx, ny] = fullSize(reference);
  if (shape[shape.length - 1] !== nx || shape[shape.length - 2] !== ny)
    throw new ValidationError(
      `${nameOf(reference)} does not say which subarray it is for (SUBSTRT, SUBSIZE) and is not full frame`,
      { file: reference.meta.filename, where: "SUBSTRT1", got: shape.join(" x "), wanted: `${ny} x ${nx}` },
    );
  log?.warn(`${nameOf(reference)} does not say which subarray it is for; taken as full frame`);
  Object.assign(subarray, { xstart: 1, ystart: 1, xsize: nx, ysize: ny });
  return { xstart: 1, ystart: 1, xsize: nx, ysize: ny };
}

/**
 * Whether a reference file covers exactly the region of an exposure. Readouts in superstripes never do.
 * @throws {ValidationError} when a region cannot be told or is impossible
 */
export function matchesSubarray(science: Model, reference: Model, log?: WarnLog): boolean {
  if ((science.meta.subarray.num_superstripe ?? 0) > 0) return false;
  const ref = referenceRegion(reference, log);
  const said = stated(science);
  if (said === undefined)
    throw new ValidationError(`${nameOf(science)} does not say which subarray it is (SUBSTRT, SUBSIZE)`, {
      file: science.meta.filename,
      where: "SUBSTRT1",
    });
  const sci = checked(said, science, log);
  return ref.xstart === sci.xstart && ref.xsize === sci.xsize && ref.ystart === sci.ystart && ref.ysize === sci.ysize;
}

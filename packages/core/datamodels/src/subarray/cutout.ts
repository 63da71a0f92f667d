import type { NdArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { createModel } from "../create.js";
import type { ModelName } from "../generated/types.js";
import type { Model } from "../model.js";
import { sliced } from "./frame.js";
import { matchesSubarray, nameOf, referenceRegion, type WarnLog } from "./match.js";
import { stripeReference } from "./stripes.js";

/** Arrays of a reference model that are cut. */
function arraysOf(reference: Model): string[] {
  const names = new Set([reference.primaryArray, "err", "dq"]);
  if (reference.primaryArray === "coeffs") names.add("inv_coeffs");
  return [...names].filter((name) => name !== "" && reference.hasArray(name));
}

function arrayOf(reference: Model, name: string): NdArray {
  return reference.get(name) as NdArray;
}

/**
 * The part of a reference file that an exposure covers: a new model of the same class with copies of the primary array,
 * err, dq and inv_coeffs cut to the exposure's region, and the metadata of the reference file. Multistripe exposures take
 * the rows that they read.
 * @throws {ValidationError} when the exposure reaches beyond the reference file
 */
export function subarrayCutout<M extends Model>(reference: M, science: Model, log?: WarnLog): M {
  if (science.meta.subarray.multistripe_reads1 !== undefined) return stripeCutout(reference, science, log);
  const ref = referenceRegion(reference, log);
  const { xstart, ystart, xsize, ysize } = science.meta.subarray;
  if (xstart === undefined || ystart === undefined || xsize === undefined || ysize === undefined)
    throw new ValidationError(`${nameOf(science)} does not say which subarray it is (SUBSTRT, SUBSIZE)`, {
      file: science.meta.filename,
      where: "SUBSTRT1",
    });
  const x = xstart - ref.xstart;
  const y = ystart - ref.ystart;
  if (x < 0 || y < 0 || x + xsize > ref.xsize || y + ysize > ref.ysize)
    throw new ValidationError(
      `${nameOf(reference)} covers ${region(ref)}, the exposure ${nameOf(science)} ${region({ xstart, ystart, xsize, ysize })}: ` +
        "use a reference file that covers it",
      { file: reference.meta.filename, got: region(ref), wanted: region({ xstart, ystart, xsize, ysize }) },
    );
  const out = createModel(reference.modelType as ModelName) as unknown as M;
  for (const name of arraysOf(reference)) {
    const rows = sliced(arrayOf(reference, name), -2, y, y + ysize);
    out.set(name, sliced(rows, -1, x, x + xsize).copy());
  }
  out.update(reference);
  return out;
}

const region = (r: { xstart: number; ystart: number; xsize: number; ysize: number }): string =>
  `columns ${r.xstart}-${r.xstart + r.xsize - 1}, rows ${r.ystart}-${r.ystart + r.ysize - 1}`;

function stripeCutout<M extends Model>(reference: M, science: Model, log: WarnLog | undefined): M {
  const sci = science.meta.subarray;
  const ref = reference.meta.subarray;
  const superstripe = (sci.num_superstripe ?? 0) > 0;
  // One plane per superstripe does not fit the dimensions of the reference classes.
  const out = createModel((superstripe ? "ReferenceFileModel" : reference.modelType) as ModelName) as unknown as M;
  const fastIsX = Math.abs(sci.fastaxis ?? 1) === 1;
  for (const name of arraysOf(reference)) {
    let array = arrayOf(reference, name);
    const start = fastIsX ? sci.xstart : sci.ystart;
    const size = fastIsX ? sci.xsize : sci.ysize;
    const refStart = fastIsX ? ref.xstart : ref.ystart;
    if (refStart !== undefined && start !== undefined && size !== undefined)
      array = sliced(array, fastIsX ? -1 : -2, start - refStart, start - refStart + size);
    out.set(name, stripeReference(array, science, log));
  }
  out.update(reference);
  return out;
}

/** The reference file itself when it covers the region of the exposure, else the part that does. */
export function matchReference<M extends Model>(reference: M, science: Model, log?: WarnLog): M {
  return matchesSubarray(science, reference, log) ? reference : subarrayCutout(reference, science, log);
}

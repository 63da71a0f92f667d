import { type CubeModel, checkAxes, type QuadModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { isModel, type ProcessOf } from "@calwebb/stpipe";
import { type Modes, modesOf, residualDeviation, subtractPsf } from "./kernel.js";
import type { KlipStep } from "./step.js";

/** The references for an integration: those of a cube for all, plane m of a 4-D stack for integration m. */
function planesOf(refs: CubeModel | QuadModel, nints: number, ny: number, nx: number): Float32Array[] {
  const shape = refs.shape ?? [];
  const [rows, columns] = shape.slice(-2);
  const size = shape.length === 4 ? shape[0] : 1;
  if ((shape.length !== 3 && shape.length !== 4) || rows !== ny || columns !== nx)
    throw new ValidationError(`the references are ${shape.join(" x ")}, the target has images of ${ny} x ${nx}`, {
      got: shape.join(" x "),
      wanted: `n x ${ny} x ${nx}`,
    });
  if (shape.length === 4 && size < nints)
    throw new ValidationError(`there are references for ${size} integrations, the target has ${nints}`, {
      got: String(size),
      wanted: String(nints),
    });
  const data = refs.data.flat();
  const plane = data.length / size;
  return Array.from({ length: size }, (_, i) => data.subarray(i * plane, (i + 1) * plane));
}

/** Subtract the PSF from every integration of the target, in place. */
export const process: ProcessOf<typeof KlipStep> = async (target, ctx) => {
  const { params, inputs, log, signal, progress } = ctx;
  const second = inputs[1];
  if (typeof second !== "string" && !isModel(second))
    throw new ValidationError("klip needs two inputs: the target, and the references aligned with it", {
      got: "one input",
      wanted: "klip TARGET REFERENCES",
    });
  const refs = (typeof second === "string" ? await ctx.openModel(second) : second) as CubeModel | QuadModel;
  checkAxes(target, 3, "the target");
  await refs.load("data");
  await target.load("data", "err");
  const [nints, ny, nx] = target.data.shape;
  const npix = ny * nx;
  const planes = planesOf(refs, nints, ny, nx);
  target.data = target.data.contiguous ? target.data : target.data.copy();
  target.err = target.err.contiguous ? target.err : target.err.copy();
  const [data, err] = [target.data.flat(), target.err.flat()];
  const nrefs = planes[0].length / npix;
  log.info(`${nrefs} references, ${Math.min(params.truncate, nrefs)} modes`);
  progress.start(nints, "klip");
  let modes: Modes | undefined;
  let deviation: Float32Array | undefined;
  for (let i = 0; i < nints; i++) {
    signal.throwIfAborted();
    if (modes === undefined || deviation === undefined || planes.length > 1) {
      modes = modesOf(planes[planes.length > 1 ? i : 0], nrefs, npix, params.truncate);
      deviation = new Float32Array(npix);
      residualDeviation(modes, deviation);
    }
    subtractPsf(data.subarray(i * npix, (i + 1) * npix), modes);
    err.set(deviation, i * npix);
    progress.advance();
  }
  return target;
};

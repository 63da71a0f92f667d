import { allocate, NdArray } from "@calwebb/array";
import { type CubeModel, checkAxes, createModel, type QuadModel } from "@calwebb/datamodels";
import { interpretFlags, pixel } from "@calwebb/dqflags";
import { ValidationError } from "@calwebb/errors";
import { isModel, type ProcessOf, type StepContext } from "@calwebb/stpipe";
import { alignImagesTask, replaceBadPixels } from "./kernel.js";
import type { AlignRefsStep } from "./step.js";

/** The stack of PSFs, which may be changed. */
async function psfsOf({ inputs, openModel }: StepContext): Promise<CubeModel> {
  const second = inputs[1];
  if (typeof second === "string") return openModel(second, { model: "CubeModel" });
  if (isModel(second)) return second.clone() as CubeModel;
  throw new ValidationError("align_refs needs two inputs: the target, and the stack of reference PSFs", {
    got: "one input",
    wanted: "align_refs TARGET PSFSTACK",
  });
}

/** Replace the bad pixels of every image of a cube. */
function repair(cube: CubeModel, box: number, badBits: number): void {
  const [nints, ny, nx] = cube.data.shape;
  cube.data = cube.data.contiguous ? cube.data : cube.data.copy();
  const [data, dq] = [cube.data.flat(), cube.dq.flat()];
  const nonScience = cube.meta.instrument.name === "MIRI" ? pixel.NON_SCIENCE : 0;
  for (let i = 0; i < nints; i++) {
    const image = i * ny * nx;
    const end = image + ny * nx;
    replaceBadPixels(data.subarray(image, end), dq.subarray(image, end), ny, nx, box, badBits, nonScience);
  }
}

const shown = (shape: readonly number[]): string => shape.join(" x ");

/** Align the PSFs with the first integration of the target, or with each. */
export const process: ProcessOf<typeof AlignRefsStep> = async (target, ctx) => {
  const { params, refs, log, executor, signal, progress } = ctx;
  const psfs = await psfsOf(ctx);
  await psfs.load();
  if (refs.psfmask === undefined) {
    log.warn("not done: no PSFMASK reference file applies");
    psfs.meta.cal_step.align_psfs = "SKIPPED";
    return psfs;
  }
  checkAxes(target, 3, "the target");
  checkAxes(psfs, 3, "the stack of PSFs");
  await target.load("data", "dq");
  const [nints, ny, nx] = target.data.shape;
  const [npsfs] = psfs.data.shape;
  for (const [what, shape] of [
    ["stack of PSFs", psfs.data.shape.slice(1)],
    ["PSFMASK reference", refs.psfmask.data.shape],
  ] as const)
    if (shape[0] !== ny || shape[1] !== nx)
      throw new ValidationError(`the ${what} has images of ${shown(shape)} pixels, the target of ${ny} x ${nx}`, {
        got: shown(shape),
        wanted: `${ny} x ${nx}`,
      });
  const badBits = interpretFlags(params.bad_bits) ?? 0;
  repair(psfs, params.median_box_length, badBits);
  repair(target, params.median_box_length, badBits);

  const planes = params.each_integration ? nints : 1;
  const size = npsfs * ny * nx;
  const outData = allocate("float32", planes * size);
  const outErr = allocate("float32", planes * size);
  const shifts = allocate("float64", planes * npsfs * 3);
  const errs = psfs.err.flat();
  progress.start(planes * npsfs, "align_refs");
  for (let m = 0; m < planes; m++) {
    const shared = {
      target: target.data.flat().subarray(m * ny * nx, (m + 1) * ny * nx),
      psfs: psfs.data.flat(),
      errs,
      mask: refs.psfmask.data.flat(),
      single: params.fit_precision === "single",
      outData: outData.subarray(m * size, (m + 1) * size),
      outErr: outErr.subarray(m * size, (m + 1) * size),
      shifts: shifts.subarray(m * npsfs * 3, (m + 1) * npsfs * 3),
      ny,
      nx,
    };
    const pieces = Array.from({ length: npsfs }, (_, k) => ({ ...shared, start: k, end: k + 1 }));
    await executor.run(alignImagesTask, pieces, { signal, onDone: () => progress.advance() });
    for (let k = 0; k < npsfs; k++) {
      const [dx, dy] = shared.shifts.subarray(3 * k, 3 * k + 2);
      log.info(`integration ${m + 1}, PSF ${k + 1}: moved by x ${(-dx).toFixed(4)}, y ${(-dy).toFixed(4)}`);
    }
  }
  const aligned: CubeModel | QuadModel = params.each_integration
    ? createModel("QuadModel", {
        data: new NdArray(outData, [planes, npsfs, ny, nx]),
        err: new NdArray(outErr, [planes, npsfs, ny, nx]),
      })
    : createModel("CubeModel", {
        data: new NdArray(outData, [npsfs, ny, nx]),
        err: new NdArray(outErr, [npsfs, ny, nx]),
      });
  aligned.update(psfs);
  aligned.meta.cal_step.align_psfs = "COMPLETE";
  return aligned;
};

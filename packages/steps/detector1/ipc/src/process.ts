import { type NdArray, splitRange } from "@calwebb/array";
import type { RampModel, SuperstripeRampModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { DEFAULT_IRS2_PATTERN, irs2ScienceMask, irs2ScienceRows, isIrs2Shape } from "@calwebb/readout";
import type { ProcessOf } from "@calwebb/stpipe";
import { convolveTask, type IpcKernel, referenceEdges } from "./kernel.js";
import type { IPCStep } from "./step.js";

/** Pixels per piece of work. */
const PIECE = 1 << 23;

type Ramp = RampModel | SuperstripeRampModel;

/** Convolve every group with the kernel, in place. */
export const process: ProcessOf<typeof IPCStep> = async (ramp, { refs, executor, signal, progress }) => {
  const { xstart, ystart, xsize, ysize } = ramp.meta.subarray;
  if (xstart === undefined || ystart === undefined || xsize === undefined || ysize === undefined)
    throw new ValidationError("the exposure lacks SUBSTRT1, SUBSTRT2, SUBSIZE1 or SUBSIZE2", {
      where: "meta.subarray",
    });
  const miri = ramp.meta.instrument.name === "MIRI";
  await ramp.load("data");
  if (!ramp.data.contiguous) ramp.data = ramp.data.copy();
  const data = ramp.data.flat();
  const [, , ny, nx] = ramp.data.shape;
  const rows = workingRows(ramp);
  const shared = {
    data,
    stride: ny * nx,
    nx,
    rows,
    edges: referenceEdges(xstart, ystart, xsize, ysize, miri),
    kernel: kernelFor(refs.ipc.data, { xstart, ystart, xsize, ysize }, rows.length, nx, miri),
  };
  const pieces = splitRange(data.length / shared.stride, PIECE / shared.stride).map(([from, to]) => ({
    ...shared,
    from,
    to,
  }));
  progress.start(pieces.length, "ipc");
  await executor.run(convolveTask, pieces, { signal, onDone: () => progress.advance() });
  return ramp;
};

/** All rows, or those of science pixels where reference pixels are interleaved. */
function workingRows(ramp: Ramp): Int32Array {
  const [, , ny, nx] = ramp.data.shape;
  if (!isIrs2Shape(ramp.data.shape)) return Int32Array.from({ length: ny }, (_, i) => i);
  const { nrs_normal, nrs_reference } = ramp.meta.exposure;
  const pattern = {
    normal: nrs_normal ?? DEFAULT_IRS2_PATTERN.normal,
    reference: nrs_reference ?? DEFAULT_IRS2_PATTERN.reference,
  };
  return irs2ScienceRows(irs2ScienceMask(Math.max(ny, nx), pattern), ramp.meta.instrument.detector ?? "");
}

interface Box {
  xstart: number;
  ystart: number;
  xsize: number;
  ysize: number;
}

/** The kernel; one kernel per pixel is cut to the subarray at its absolute position. */
function kernelFor(
  kernel: NdArray<Float32Array>,
  { xstart, ystart, xsize, ysize }: Box,
  ny: number,
  nx: number,
  miri: boolean,
): IpcKernel {
  const [ky, kx] = kernel.shape;
  if (kernel.dimension === 2) return { data: kernel.flat(), ky, kx, perPixel: false };
  if (kernel.dimension !== 4)
    throw new ValidationError(`the ipc kernel has ${kernel.dimension} axes; wanted 2 or 4`, { where: "ipc" });
  const cut = miri ? xsize < 1032 || ysize < 1024 : xsize < 2048 || ysize < 2048;
  const x = xstart - 1;
  const y = ystart - 1;
  const part = cut
    ? kernel
        .hi(ky, kx, y + ysize, x + xsize)
        .lo(0, 0, y, x)
        .copy()
    : kernel;
  if (part.shape[2] !== ny || part.shape[3] !== nx)
    throw new ValidationError(`the ipc kernel covers [${part.shape.slice(2)}] pixels of the exposure's [${ny},${nx}]`, {
      where: "ipc",
      got: `[${kernel.shape}]`,
    });
  return { data: part.flat(), ky, kx, perPixel: true };
}

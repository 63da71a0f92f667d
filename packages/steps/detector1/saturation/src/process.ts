import { allocate, splitRange } from "@calwebb/array";
import type { RampModel, SuperBiasModel, SuperstripeRampModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { DEFAULT_IRS2_PATTERN, irs2ScienceMask, irs2ScienceRows, isIrs2Shape, referenceCutter } from "@calwebb/readout";
import type { Logger, ProcessOf } from "@calwebb/stpipe";
import { countFlagged, flagTask, type Geometry, prepareThresholds, type ReadPattern, readPattern } from "./kernel.js";
import type { SaturationStep } from "./step.js";

type Ramp = RampModel | SuperstripeRampModel;

/** Flag saturation in GROUPDQ, and pixels that are not checked in PIXELDQ; in place. */
export const process: ProcessOf<typeof SaturationStep> = async (ramp, context) => {
  const { params, refs, log, executor, signal, progress } = context;
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const irs2 = isIrs2Shape(ramp.data.shape);
  const geometry = irs2 ? irs2Geometry(ramp) : { nx, rows: Int32Array.from({ length: ny }, (_, i) => i) };
  const cut = referenceCutter(ramp, refs.saturation, log);
  const thresholds = cut(refs.saturation.data);
  if (thresholds.shape.at(-2) !== geometry.rows.length || thresholds.shape.at(-1) !== nx)
    throw new ValidationError(
      `the saturation thresholds have [${thresholds.shape.slice(-2)}] pixels, the exposure [${geometry.rows.length},${nx}]`,
      { where: "saturation", got: `[${thresholds.shape}]` },
    );
  const ready = prepareThresholds(thresholds.flat(), cut(refs.saturation.dq).flat());
  const pattern = params.use_readpatt ? patternOf(ramp, log) : undefined;
  const zeroframe = ramp.meta.exposure.zero_frame && ramp.hasArray("zeroframe") ? ramp.zeroframe.flat() : undefined;
  if (!ramp.groupdq.contiguous) ramp.groupdq = ramp.groupdq.copy();
  const groupdq = ramp.groupdq.flat();
  const shared = {
    data: ramp.data.flat(),
    groupdq,
    zeroframe,
    ngroups,
    stride: ny * nx,
    geometry,
    threshold: ready.threshold,
    unchecked: ready.unchecked,
    bias: refs.superbias && biasFor(ramp, refs.superbias, geometry, irs2, log),
    grow: params.n_pix_grow_sat,
    pattern,
    irs2,
  };
  const pieces = splitRange(nints, 1).map(([from, to]) => ({ ...shared, from, to }));
  progress.start(pieces.length, "saturation");
  await executor.run(flagTask, pieces, { signal, onDone: () => progress.advance() });
  const { saturated, floor } = countFlagged(groupdq, ny * nx);
  log.info(`detected ${saturated} saturated pixels`);
  log.info(`detected ${floor} A/D floor pixels`);
  addFlags(ramp.pixeldq.flat(), ready.flags, geometry);
  return ramp;
};

/** OR the flags into PIXELDQ; planes of stripes follow one another. */
function addFlags(dq: Uint32Array, flags: Uint32Array, { nx, rows }: Geometry): void {
  const size = rows.length * nx;
  if (dq.length === flags.length) {
    for (let i = 0; i < flags.length; i++) dq[i] |= flags[i];
    return;
  }
  for (let i = 0; i < size; i++) dq[rows[Math.floor(i / nx)] * nx + (i % nx)] |= flags[i];
}

function irs2Geometry(ramp: Ramp): Geometry {
  const [, , ny, nx] = ramp.data.shape;
  const { nrs_normal, nrs_reference } = ramp.meta.exposure;
  const pattern = {
    normal: nrs_normal ?? DEFAULT_IRS2_PATTERN.normal,
    reference: nrs_reference ?? DEFAULT_IRS2_PATTERN.reference,
  };
  const mask = irs2ScienceMask(Math.max(ny, nx), pattern);
  return { nx, rows: irs2ScienceRows(mask, ramp.meta.instrument.detector ?? "") };
}

function patternOf(ramp: Ramp, log: Logger): ReadPattern {
  const { nframes } = ramp.meta.exposure;
  const ngroups = Number(ramp.meta.exposure.ngroups ?? Number.NaN);
  if (nframes === undefined || Number.isNaN(ngroups))
    throw new ValidationError("use_readpatt needs NFRAMES and NGROUPS; set it to false for exposures without them", {
      where: nframes === undefined ? "meta.exposure.nframes" : "meta.exposure.ngroups",
    });
  if (ngroups < ramp.data.shape[1])
    throw new ValidationError(`NGROUPS is ${ngroups} but the ramps have ${ramp.data.shape[1]} groups`, {
      where: "meta.exposure.ngroups",
    });
  log.info(`using the read pattern of ${nframes} frame(s) per group`);
  return readPattern(ngroups, nframes);
}

/** The superbias in the geometry of the thresholds. */
function biasFor(ramp: Ramp, bias: SuperBiasModel, { nx, rows }: Geometry, irs2: boolean, log: Logger): Float32Array {
  const array = referenceCutter(ramp, bias, log)(bias.data);
  const data = array.flat();
  const ny = irs2 ? ramp.data.shape[2] : rows.length;
  if (array.shape.at(-1) !== nx || array.shape.at(-2) !== ny)
    throw new ValidationError(`the superbias has [${array.shape.slice(-2)}] pixels, the exposure [${ny},${nx}]`, {
      where: "superbias",
      got: `[${array.shape}]`,
    });
  if (!irs2) return data;
  const out = allocate("float32", rows.length * nx);
  for (let k = 0; k < rows.length; k++) out.set(data.subarray(rows[k] * nx, (rows[k] + 1) * nx), k * nx);
  return out;
}

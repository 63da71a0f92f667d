import { allocate, splitRange } from "@calwebb/array";
import type { RampModel, SuperBiasModel, SuperstripeRampModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { DEFAULT_IRS2_PATTERN, irs2ScienceMask, irs2ScienceRows, isIrs2Shape, referenceCutter } from "@calwebb/readout";
import type { Logger, ProcessOf } from "@calwebb/stpipe";
import {
  type Flagged,
  flaggedElsewhere,
  flagTask,
  type Geometry,
  type ReadPattern,
  readPattern,
  rowsAround,
  zeroFrameTask,
} from "./kernel.js";
import type { SaturationStep } from "./step.js";

type Ramp = RampModel | SuperstripeRampModel;

/** Samples of a piece of work. */
const PIECE = 1 << 22;

/** Flag saturation in GROUPDQ, and pixels that are not checked in PIXELDQ; in place. */
export const process: ProcessOf<typeof SaturationStep> = async (ramp, context) => {
  const { params, refs, log, executor, signal, progress } = context;
  await ramp.load("data", "groupdq", "pixeldq", "zeroframe");
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
  const pattern = params.use_readpatt ? patternOf(ramp, log) : undefined;
  if (!ramp.groupdq.contiguous) ramp.groupdq = ramp.groupdq.copy();
  const groupdq = ramp.groupdq.flat();
  const stride = ny * nx;
  const reference = { threshold: thresholds.flat(), refdq: cut(refs.saturation.dq).flat() };
  const shared = {
    ...reference,
    data: ramp.data.flat(),
    groupdq,
    pixeldq: ramp.pixeldq.flat(),
    nints,
    ngroups,
    stride,
    geometry,
    bias: refs.superbias && biasFor(ramp, refs.superbias, geometry, irs2, log),
    grow: params.n_pix_grow_sat,
    pattern,
    irs2,
  };
  // Flags of a row depend on those of the rows around it.
  const least = 16 * Math.max(1, params.n_pix_grow_sat);
  const size = Math.max(least, Math.round(PIECE / (nx * nints * ngroups)));
  const pieces = splitRange(geometry.rows.length, size).map(([from, to]) => ({
    ...shared,
    from,
    to,
    ...rowsAround(groupdq, stride, geometry, params.n_pix_grow_sat, from, to),
  }));
  progress.start(pieces.length, "saturation");
  const found = await executor.run(flagTask, pieces, { signal, onDone: () => progress.advance() });
  if (ramp.meta.exposure.zero_frame && ramp.hasArray("zeroframe")) {
    const zero = { ...reference, zeroframe: ramp.zeroframe.flat(), stride, geometry, grow: params.n_pix_grow_sat };
    const ints = Array.from({ length: nints }, (_, integration) => ({ ...zero, integration }));
    await executor.run(zeroFrameTask, ints, { signal });
  }
  if (geometry.rows.length < ny) found.push(flaggedElsewhere(groupdq, stride, geometry));
  const total = (what: keyof Flagged): number => found.reduce((sum, f) => sum + f[what], 0);
  log.info(`detected ${total("saturated")} saturated pixels`);
  log.info(`detected ${total("floor")} A/D floor pixels`);
  return ramp;
};

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

import { splitRange } from "@calwebb/array";
import { referenceCutter } from "@calwebb/readout";
import type { ProcessOf } from "@calwebb/stpipe";
import { correctPixelsTask } from "./kernel.js";
import type { LinearityStep } from "./step.js";

/** Pixels per piece of work: large enough that handing it out costs nothing. */
const PIECE = 1 << 18;

/** Correct a ramp, in place. */
export const process: ProcessOf<typeof LinearityStep> = async (ramp, { refs, log, executor, signal, progress }) => {
  await ramp.load("data", "groupdq", "pixeldq", "zeroframe");
  const { exposure } = ramp.meta;
  const reference = refs.linearity;
  const inverseKnown = reference.hasArray("inv_coeffs");
  const cut = referenceCutter(ramp, reference, log);
  const coeffs = cut(reference.coeffs);
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const npix = ny * nx;
  const nframes = exposure.nframes ?? 1;
  // Groups that are means of several frames are corrected frame by frame, if the reference allows it. Read times belong to another pattern.
  const byFrame = inverseKnown && nframes > 1 && ngroups > 1 && !exposure.read_times?.length;
  if (byFrame) log.info(`correcting the ${nframes} frames of each group on their own`);
  const inverse = byFrame ? cut(reference.inv_coeffs as NonNullable<typeof reference.inv_coeffs>) : undefined;
  const shared = {
    data: ramp.data.flat(),
    groupdq: ramp.groupdq.flat(),
    pixeldq: ramp.pixeldq.flat(),
    zeroframe: exposure.zero_frame ? ramp.zeroframe.flat() : null,
    coeffs: coeffs.flat(),
    inverse: inverse?.flat() ?? null,
    refdq: cut(reference.dq).flat(),
    nints,
    ngroups,
    npix,
    ncoeffs: coeffs.shape[0],
    ninverse: inverse?.shape[0] ?? 0,
    nframes,
  };
  const pieces = splitRange(npix, PIECE).map(([start, end]) => ({ ...shared, start, end }));
  progress.start(pieces.length, "linearity");
  await executor.run(correctPixelsTask, pieces, { signal, onDone: () => progress.advance() });
  return ramp;
};

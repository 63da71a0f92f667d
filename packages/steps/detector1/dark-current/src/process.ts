import { allocate, NdArray, splitRange } from "@calwebb/array";
import {
  createModel,
  type DarkMIRIModel,
  type DarkModel,
  type DarkNirspecModel,
  type RampModel,
} from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { Logger, ProcessOf } from "@calwebb/stpipe";
import { type DarkArgs, missingGroups, subtractDarkTask } from "./kernel.js";
import type { DarkCurrentStep } from "./step.js";

type AnyDark = DarkMIRIModel | DarkNirspecModel | DarkModel;

const PIECE = 1 << 18;

interface Pattern {
  ngroups: number;
  nframes: number;
  groupgap: number;
}

/** The readout pattern of a ramp or dark. @throws {ValidationError} when NFRAMES or GROUPGAP is missing */
function pattern(model: RampModel | AnyDark, ngroups: number, what: string): Pattern {
  const { nframes, groupgap } = model.meta.exposure;
  if (nframes === undefined || groupgap === undefined)
    throw new ValidationError(
      `${what} has no ${nframes === undefined ? "NFRAMES" : "GROUPGAP"} keyword; both are needed`,
    );
  return { ngroups, nframes, groupgap };
}

/**
 * Give the ramp the average dark current: from the parameter, the reference's image, or its keyword. As in the reference
 * implementation, an image only replaces one that the ramp already has.
 */
function setAverage(ramp: RampModel, dark: AnyDark, value: number | null, log: Logger): void {
  if (value !== null) log.info(`Poisson noise from an average dark current of ${value} e-/s`);
  else if (dark.hasArray("average_dark_current")) {
    const image = dark.average_dark_current;
    const numbers = image.flat();
    if (numbers.some((v) => v !== 0)) {
      const own = ramp.hasArray("average_dark_current") ? ramp.average_dark_current.shape : [];
      if (own.join() === image.shape.join()) ramp.average_dark_current = image.copy();
      else log.warn("the ramp has no average dark current of the reference's shape, so the reference's is not used");
      return;
    }
  }
  const level = value ?? dark.meta.exposure.average_dark_current ?? 0;
  const [ny, nx] = ramp.data.shape.slice(-2);
  ramp.average_dark_current = new NdArray(allocate("float32", ny * nx).fill(level), [ny, nx]);
}

/** DQ of the dark as one plane: the integrations of a MIRI dark are combined. */
function darkDq(dark: AnyDark, npix: number): Uint32Array {
  const dq = dark.dq.flat() as Uint32Array;
  if (dark.data.shape.length < 4) return dq;
  const step = dark.dq.shape[1] * npix;
  const out = allocate("uint32", npix);
  for (let at = 0; at < dq.length; at += step) for (let p = 0; p < npix; p++) out[p] |= dq[at + p];
  return out;
}

/** The subtracted dark as a model of the reference's class. */
function darkProduct(dark: AnyDark, used: Float32Array, shape: number[], p: Pattern): AnyDark {
  const name = dark.modelType === "DarkMIRIModel" ? "DarkMIRIModel" : "DarkModel";
  const out = createModel(name, { data: new NdArray(used, shape), dq: dark.dq.copy() }) as DarkModel;
  out.update(dark);
  out.meta.exposure.nframes = p.nframes;
  out.meta.exposure.ngroups = p.ngroups;
  out.meta.exposure.groupgap = p.groupgap;
  return out;
}

/** Subtract the dark from a ramp, in place. */
export const process: ProcessOf<typeof DarkCurrentStep> = async (ramp, ctx) => {
  const { refs, params, log, executor, signal, progress } = ctx;
  const dark = refs.dark;
  await ramp.load("data", "pixeldq");
  setAverage(ramp, dark, params.average_dark_current, log);
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const npix = ny * nx;
  const perIntegration = dark.data.shape.length === 4;
  const darkNints = perIntegration ? dark.data.shape[0] : 1;
  const darkNgroups = dark.data.shape[perIntegration ? 1 : 0];
  const sci = pattern(ramp, ngroups, "the exposure");
  const ref = pattern(dark, darkNgroups, "the dark reference");
  const missing = missingGroups(sci, ref);
  if (missing > 0) log.warn(`the dark is ${missing} groups too short and is extrapolated from its last two groups`);
  if (ref.nframes > sci.nframes || ref.groupgap > sci.groupgap)
    return { skip: "the dark has more frames per group or a larger gap than the exposure" };
  const darkShape = dark.data.shape.slice(-2);
  if (darkShape[0] !== ny || darkShape[1] !== nx)
    throw new ValidationError(
      `the dark ${dark.meta.filename ?? ""} is ${darkShape.join(" x ")} pixels, the exposure ${ny} x ${nx}`,
      {
        got: darkShape.join(" x "),
        wanted: `${ny} x ${nx}`,
      },
    );
  if (missing > 0 && darkNgroups < 2)
    throw new ValidationError("a dark of one group cannot be extrapolated; use a dark with more groups");

  const direct = sci.nframes === ref.nframes && sci.groupgap === ref.groupgap;
  // A ramp may be a piece of an exposure that is worked on in pieces: `before` integrations of it came earlier.
  const before = Number(ramp.tree["continues"] ?? 0);
  const segment = (ramp.meta.exposure.integration_start ?? 1) - before !== 1;
  const darkOf = Array.from({ length: nints }, (_, i) =>
    segment ? darkNints - 1 : Math.min(before + i, darkNints - 1),
  );
  const wanted = params.dark_output !== null;
  const keep = wanted && !direct ? Math.min(darkNints, nints) : 0;
  const args: Omit<DarkArgs, "start" | "end"> = {
    data: ramp.data.flat(),
    dark: dark.data.flat(),
    used: keep > 0 ? allocate("float32", darkNints * ngroups * npix) : null,
    nints,
    ngroups,
    npix,
    darkNints,
    darkNgroups,
    darkOf,
    keep,
    average: direct ? 1 : sci.nframes,
    stride: direct ? 1 : sci.nframes + sci.groupgap,
    extrapolate: missing > 0,
    flags: { pixeldq: ramp.pixeldq.flat(), dark: darkDq(dark, npix) },
  };
  const pieces = splitRange(npix, PIECE).map(([start, end]) => ({ ...args, start, end }));
  progress.start(pieces.length, "dark");
  await executor.run(subtractDarkTask, pieces, { signal, onDone: () => progress.advance() });
  if (wanted) {
    const shape = perIntegration ? [darkNints, ngroups, ny, nx] : [ngroups, ny, nx];
    const product =
      args.used !== null ? darkProduct(dark, args.used, shape, sci) : wholeDark(dark, ref, missing, darkNints, npix);
    await ctx.saveModel(product, { name: params.dark_output as string, suffix: false });
  }
  return ramp;
};

/** The dark without NaN, with the extrapolated groups, as it is subtracted when the readout patterns agree. */
function wholeDark(dark: AnyDark, ref: Pattern, missing: number, nints: number, npix: number): AnyDark {
  const from = dark.data.flat();
  const ngroups = ref.ngroups + missing;
  const out = allocate("float32", nints * ngroups * npix);
  for (let i = 0; i < nints; i++)
    for (let g = 0; g < ngroups; g++)
      for (let p = 0; p < npix; p++) {
        const last = (i * ref.ngroups + Math.min(g, ref.ngroups - 1)) * npix + p;
        const rate = g < ref.ngroups ? 0 : Math.fround(from[last] - from[last - npix]);
        const v = from[last] + (g - ref.ngroups + 1) * rate;
        out[(i * ngroups + g) * npix + p] = !Number.isNaN(v) ? v : 0;
      }
  const shape = dark.data.shape.length === 4 ? [nints, ngroups] : [ngroups];
  return darkProduct(dark, out, [...shape, ...dark.data.shape.slice(-2)], { ...ref, ngroups });
}

import { ValidationError } from "@calwebb/errors";

/** What a simulated exposure is taken with. Geometry is in the science (DMS) frame, [x, y] pixels, 1-based starts. */
export interface Mode {
  readonly instrument: "NIRCAM" | "NIRISS" | "NIRSPEC" | "MIRI" | "FGS";
  readonly detector: string;
  readonly expType: string;
  readonly subarray: string;
  readonly xstart: number;
  readonly ystart: number;
  readonly xsize: number;
  readonly ysize: number;
  readonly fastaxis: number;
  readonly slowaxis: number;
  readonly readpatt: string;
  readonly nframes: number;
  readonly groupgap: number;
  readonly noutputs: number;
  /** Time of one frame [s]. */
  readonly frameTime: number;
  /** Optical elements, as keyword values. */
  readonly optics: Readonly<Record<string, string>>;
  /** FGS guide-star functions have a data model of their own. */
  readonly guider?: boolean;
  /** NIRSpec IRS2: reference pixels are interleaved with the science pixels. */
  readonly irs2?: boolean;
}

/** The members `meta.subarray` of exposures and of their references. */
export function subarrayMeta(
  mode: Mode,
): Pick<Mode, "xstart" | "ystart" | "xsize" | "ysize" | "fastaxis" | "slowaxis"> & { readonly name: string } {
  const { subarray: name, xstart, ystart, xsize, ysize, fastaxis, slowaxis } = mode;
  return { name, xstart, ystart, xsize, ysize, fastaxis, slowaxis };
}

const NIRCAM: Mode = {
  instrument: "NIRCAM",
  detector: "NRCB1",
  expType: "NRC_IMAGE",
  subarray: "FULL",
  xstart: 1,
  ystart: 1,
  xsize: 2048,
  ysize: 2048,
  fastaxis: 1,
  slowaxis: -2,
  readpatt: "RAPID",
  nframes: 1,
  groupgap: 0,
  noutputs: 4,
  frameTime: 10.73677,
  optics: { filter: "F150W", pupil: "CLEAR", channel: "SHORT", module: "B" },
};

const GUIDER: Mode = {
  ...NIRCAM,
  instrument: "FGS",
  detector: "GUIDER1",
  fastaxis: -1,
  slowaxis: 2,
  optics: {},
  noutputs: 1,
  guider: true,
};

/** Named set-ups; `size` shrinks any of them to a subarray. */
export const MODES: Readonly<Record<string, Mode>> = {
  nircam: NIRCAM,
  niriss: {
    ...NIRCAM,
    instrument: "NIRISS",
    detector: "NIS",
    expType: "NIS_IMAGE",
    fastaxis: -2,
    slowaxis: -1,
    readpatt: "NISRAPID",
    optics: { filter: "CLEAR", pupil: "F150W" },
  },
  nirspec: {
    ...NIRCAM,
    instrument: "NIRSPEC",
    detector: "NRS1",
    expType: "NRS_IFU",
    fastaxis: 2,
    slowaxis: 1,
    readpatt: "NRSRAPID",
    optics: { filter: "F170LP", grating: "G235M" },
  },
  "nirspec-irs2": {
    ...NIRCAM,
    instrument: "NIRSPEC",
    detector: "NRS1",
    expType: "NRS_IFU",
    fastaxis: 2,
    slowaxis: 1,
    readpatt: "NRSIRS2RAPID",
    noutputs: 5,
    frameTime: 14.58889,
    optics: { filter: "F170LP", grating: "G235M" },
    irs2: true,
  },
  miri: {
    ...NIRCAM,
    instrument: "MIRI",
    detector: "MIRIMAGE",
    expType: "MIR_IMAGE",
    xsize: 1032,
    ysize: 1024,
    fastaxis: 1,
    slowaxis: 2,
    readpatt: "FASTR1",
    frameTime: 2.77504,
    optics: { filter: "F770W" },
  },
  fgs: {
    ...NIRCAM,
    instrument: "FGS",
    detector: "GUIDER1",
    expType: "FGS_IMAGE",
    fastaxis: -1,
    slowaxis: 2,
    readpatt: "FGSRAPID",
    optics: {},
  },
  "fgs-id-image": {
    ...GUIDER,
    expType: "FGS_ID-IMAGE",
    subarray: "ID",
    readpatt: "FGSRAPID",
    xsize: 512,
    ysize: 512,
    frameTime: 0.3,
  },
  "fgs-id-stack": {
    ...GUIDER,
    expType: "FGS_ID-STACK",
    subarray: "ID",
    readpatt: "FGSRAPID",
    xsize: 512,
    ysize: 512,
    frameTime: 0.3,
  },
  "fgs-acq1": {
    ...GUIDER,
    expType: "FGS_ACQ1",
    subarray: "128X128",
    readpatt: "ACQ1",
    xsize: 128,
    ysize: 128,
    xstart: 901,
    ystart: 901,
    frameTime: 0.18,
  },
  "fgs-acq2": {
    ...GUIDER,
    expType: "FGS_ACQ2",
    subarray: "32X32",
    readpatt: "ACQ2",
    xsize: 32,
    ysize: 32,
    xstart: 949,
    ystart: 949,
    frameTime: 0.0125,
  },
  "fgs-track": {
    ...GUIDER,
    expType: "FGS_TRACK",
    subarray: "32X32",
    readpatt: "TRACK",
    xsize: 32,
    ysize: 32,
    xstart: 949,
    ystart: 949,
    frameTime: 0.0125,
  },
  "fgs-fineguide": {
    ...GUIDER,
    expType: "FGS_FINEGUIDE",
    subarray: "8X8",
    readpatt: "FINEGUIDE",
    xsize: 8,
    ysize: 8,
    xstart: 961,
    ystart: 961,
    frameTime: 0.00126,
  },
};

/** NIRCam and other readout patterns that average or skip frames: [frames per group, frames skipped between groups]. */
const READOUT_PATTERNS: Readonly<Record<string, readonly [number, number]>> = {
  RAPID: [1, 0],
  BRIGHT1: [1, 1],
  BRIGHT2: [2, 0],
  SHALLOW2: [2, 3],
  SHALLOW4: [4, 1],
  MEDIUM2: [2, 8],
  MEDIUM8: [8, 2],
  DEEP2: [2, 18],
  DEEP8: [8, 12],
  NIS: [4, 0],
  NISRAPID: [1, 0],
  NRS: [4, 0],
  NRSRAPID: [1, 0],
  NRSIRS2: [5, 0],
  NRSIRS2RAPID: [1, 0],
  FGS: [4, 0],
  FGSRAPID: [1, 0],
  FAST: [1, 0],
  FASTR1: [1, 0],
  SLOW: [1, 0],
  SLOWR1: [1, 0],
};

/**
 * The set-up of a name, optionally cut to a square subarray in the lower left corner (which keeps the reference pixels) and
 * read with another pattern.
 * @param size - side of the subarray in pixels; for MIRI the width gets the 4 reference columns of the left side
 * @throws {ValidationError} for an unknown mode, pattern, or a size that is not an integer in 8..full
 */
export function modeOf(name: string, { size, readpatt }: { size?: number; readpatt?: string } = {}): Mode {
  const mode = MODES[name];
  if (!mode)
    throw new ValidationError(`unknown mode "${name}"; known: ${Object.keys(MODES).join(", ")}`, { where: "mode" });
  let out = mode;
  if (readpatt !== undefined) {
    const pattern = READOUT_PATTERNS[readpatt];
    if (!pattern)
      throw new ValidationError(
        `unknown readout pattern "${readpatt}"; known: ${Object.keys(READOUT_PATTERNS).join(", ")}`,
        { where: "readpatt" },
      );
    out = { ...out, readpatt, nframes: pattern[0], groupgap: pattern[1] };
  }
  if (size === undefined || size === mode.xsize) return out;
  if (mode.irs2)
    throw new ValidationError("an IRS2 exposure is always a full frame; leave out the size", { where: "size" });
  const largest = Math.min(mode.xsize, mode.ysize);
  if (!Number.isInteger(size) || size < 8 || size > largest)
    throw new ValidationError(`size ${size} is not an integer from 8 to ${largest}`, { where: "size" });
  const xsize = mode.instrument === "MIRI" ? size + 8 : size;
  const frameTime = (xsize + 12) * (size + 2) * 1e-5;
  return { ...out, subarray: "GENERIC", xsize, ysize: size, noutputs: 1, frameTime };
}

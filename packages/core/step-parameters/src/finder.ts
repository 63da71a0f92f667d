import { ValidationError } from "@calwebb/errors";
import type { FinderOptions } from "@calwebb/photometry";
import { boolean, float, floatList, integer, option, type Param, type ParamValues } from "@calwebb/stpipe";

/** Parameters of steps that find sources. */
export type FinderSpecs = {
  starfinder: Param<"dao" | "iraf" | "segmentation">;
  snr_threshold: Param<number>;
  bkg_boxsize: Param<number>;
  kernel_fwhm: Param<number>;
  minsep_fwhm: Param<number>;
  sigma_radius: Param<number>;
  sharplo: Param<number>;
  sharphi: Param<number>;
  roundlo: Param<number>;
  roundhi: Param<number>;
  brightest: Param<number>;
  peakmax: Param<number | null>;
  npixels: Param<number>;
  connectivity: Param<"4" | "8">;
  nlevels: Param<number>;
  contrast: Param<number>;
  multithresh_mode: Param<"exponential" | "linear" | "sinh">;
  localbkg_width: Param<number>;
  apermask_method: Param<"correct" | "mask" | "none">;
  kron_params: Param<readonly number[] | null>;
  deblend: Param<boolean>;
};

/** The defaults in which the steps differ. */
export interface FinderDefaults {
  starfinder: "dao" | "iraf" | "segmentation";
  snr_threshold: number;
  bkg_boxsize: number;
  kernel_fwhm: number;
  npixels: number;
}

/** Declarations of the parameters. The Kron apertures take part in no product; their parameters are known because the peer knows them. */
export function finderParameters(defaults: FinderDefaults): FinderSpecs {
  return {
    starfinder: option(["dao", "iraf", "segmentation"], {
      default: defaults.starfinder,
      help: "How sources are found",
    }),
    snr_threshold: float({ default: defaults.snr_threshold, help: "Threshold above the background [its noise]" }),
    bkg_boxsize: integer({ default: defaults.bkg_boxsize, help: "Side of the boxes of the background [pixel]" }),
    kernel_fwhm: float({ default: defaults.kernel_fwhm, help: "Width of the Gaussian kernel, FWHM [pixel]" }),
    minsep_fwhm: float({ default: 0.0, help: "dao, iraf: smallest distance of two sources [FWHM]" }),
    sigma_radius: float({ default: 1.5, help: "dao, iraf: truncation radius of the kernel [sigma]" }),
    sharplo: float({ default: 0.5, help: "dao, iraf: lowest sharpness" }),
    sharphi: float({ default: 2.0, help: "dao, iraf: highest sharpness" }),
    roundlo: float({ default: 0.0, help: "dao, iraf: lowest roundness" }),
    roundhi: float({ default: 0.2, help: "dao, iraf: highest roundness" }),
    brightest: integer({ default: 200, help: "dao, iraf: number of brightest sources to keep" }),
    peakmax: float({ help: "dao, iraf: highest value of the brightest pixel of a source" }),
    npixels: integer({ default: defaults.npixels, help: "segmentation: fewest connected pixels" }),
    connectivity: option(["4", "8"], { default: "8", help: "segmentation: neighbours of a pixel" }),
    nlevels: integer({ default: 32, help: "segmentation: thresholds for deblending" }),
    contrast: float({ default: 0.001, help: "segmentation: share of the flux that makes a source of its own" }),
    multithresh_mode: option(["exponential", "linear", "sinh"], {
      default: "exponential",
      help: "segmentation: spacing of the thresholds",
    }),
    localbkg_width: integer({ default: 0, help: "segmentation: width of the ring for a local background [pixel]" }),
    apermask_method: option(["correct", "mask", "none"], {
      default: "correct",
      help: "segmentation: what is done about neighbours in Kron apertures; no product depends on it",
    }),
    kron_params: floatList({ min: 2, max: 3, help: "segmentation: Kron apertures; no product depends on it" }),
    deblend: boolean({ default: true, help: "segmentation: split segments of several sources" }),
  };
}

/** Refuse what no finder can work with. */
function check(p: ParamValues<FinderSpecs>): void {
  const wrong = (name: keyof FinderSpecs, wanted: string): never => {
    throw new ValidationError(`${name} is ${p[name]}, wanted ${wanted}`, { where: name, got: String(p[name]), wanted });
  };
  if (p.starfinder === "segmentation") {
    if (p.npixels < 1) wrong("npixels", "1 or more");
    if (p.deblend && p.nlevels < 1) wrong("nlevels", "1 or more");
    if (p.deblend && !(p.contrast >= 0 && p.contrast <= 1)) wrong("contrast", "0 to 1");
    if (p.localbkg_width < 0) wrong("localbkg_width", "0 or more");
    const [scale, radius, circle = 0] = p.kron_params ?? [1, 1];
    if (!(scale > 0 && radius > 0 && circle >= 0))
      wrong("kron_params", "two values above 0, perhaps a third that is 0 or more");
    return;
  }
  if (p.brightest < 1) wrong("brightest", "1 or more");
  if (!(p.kernel_fwhm > 0)) wrong("kernel_fwhm", "more than 0");
  if (!(p.sigma_radius > 0)) wrong("sigma_radius", "more than 0");
}

/**
 * What the parameters mean to the finder. Stars are at least two pixels apart.
 * @throws {ValidationError} for a parameter out of its range
 */
export function finderOptions(p: ParamValues<FinderSpecs>): FinderOptions {
  check(p);
  return {
    finder: p.starfinder,
    snr: p.snr_threshold,
    fwhm: p.kernel_fwhm,
    backgroundBox: p.bkg_boxsize,
    stars: {
      sigmaRadius: p.sigma_radius,
      separation: Math.max(2, Math.trunc(p.minsep_fwhm * p.kernel_fwhm + 0.5)),
      sharpness: [p.sharplo, p.sharphi],
      roundness: [p.roundlo, p.roundhi],
      brightest: p.brightest,
      peakmax: p.peakmax ?? undefined,
    },
    npixels: p.npixels,
    connectivity: p.connectivity === "4" ? 4 : 8,
    nlevels: p.nlevels,
    contrast: p.contrast,
    mode: p.multithresh_mode,
    localWidth: p.localbkg_width,
    deblend: p.deblend,
  };
}

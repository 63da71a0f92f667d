import type { Model } from "@calwebb/datamodels";

/**
 * Types of images that are flat-fielded, as in the reference implementation: all that get the coordinates of an image (`NIRSPEC_IMAGES` of
 * `@calwebb/nirspec-wcs`) but NRS_VERIFY.
 */
const NIRSPEC_IMAGING = [
  "NRS_CONFIRM",
  "NRS_FOCUS",
  "NRS_IMAGE",
  "NRS_MIMF",
  "NRS_MSATA",
  "NRS_TACONFIRM",
  "NRS_TACQ",
  "NRS_TASLIT",
  "NRS_WATA",
];
const NIRSPEC_SPECTRA = ["NRS_BRIGHTOBJ", "NRS_FIXEDSLIT", "NRS_IFU", "NRS_MSASPEC", "NRS_LAMP", "NRS_AUTOWAVE"];
const AFTER_EXTRACT_2D = ["NRS_BRIGHTOBJ", "NRS_FIXEDSLIT", "NRS_LAMP", "NRS_MSASPEC", "NRS_AUTOWAVE", "NRS_AUTOFLAT"];

/** Whether an exposure needs the composite flat of NIRSpec spectroscopy. */
export function needsSpectralFlat(model: Model): boolean {
  const { exposure, instrument } = model.meta;
  return NIRSPEC_SPECTRA.includes(exposure.type ?? "") && instrument.lamp_mode !== "IMAGE";
}

/** Why an exposure is not flat-fielded at all; undefined when it is. */
export function unsupported(model: Model): string | undefined {
  const { exposure, instrument, cal_step } = model.meta;
  const type = exposure.type?.toUpperCase() ?? "";
  if (instrument.name?.toUpperCase() === "NIRSPEC") {
    if (!NIRSPEC_SPECTRA.includes(type) && !NIRSPEC_IMAGING.includes(type))
      return `flat fields do not apply to exposure type ${type}`;
  }
  if (cal_step.extract_2d === "COMPLETE" && !AFTER_EXTRACT_2D.includes(type))
    return `flat fields of ${type} exposures are applied before extract_2d`;
  if (needsSpectralFlat(model))
    return `the composite flat of NIRSpec spectroscopy (fflat, sflat, dflat) is not supported; exposure type ${type}`;
  return undefined;
}

import { ValidationError } from "@calwebb/errors";
import { NIRSPEC_IMAGES } from "@calwebb/nirspec-wcs";

/** Exposure types whose pixels see the sky through the distortion of the detector alone. */
export const IMAGING_TYPES: ReadonlySet<string> = new Set([
  "FGS_IMAGE",
  "FGS_FOCUS",
  "MIR_IMAGE",
  "MIR_TACQ",
  "MIR_TACONFIRM",
  "MIR_LYOT",
  "MIR_4QPM",
  "MIR_CORONCAL",
  "NRC_IMAGE",
  "NRC_TACQ",
  "NRC_TACONFIRM",
  "NRC_CORON",
  "NRC_FOCUS",
  "NRC_TSIMAGE",
  "NIS_IMAGE",
  "NIS_AMI",
  "NIS_TACQ",
  "NIS_TACONFIRM",
  "NIS_FOCUS",
]);

/** Exposure types of NIRSpec through slits, shutters and the IFU. */
const SPECTRA: readonly string[] = ["NRS_FIXEDSLIT", "NRS_BRIGHTOBJ", "NRS_MSASPEC", "NRS_IFU"];

/** Darks, flats and lamps, which have no place on the sky. */
const WITHOUT_SKY: ReadonlySet<string> = new Set([
  "FGS_SKYFLAT",
  "FGS_INTFLAT",
  "FGS_DARK",
  "MIR_FLATMRS",
  "MIR_FLATIMAGE",
  "MIR_FLAT-MRS",
  "MIR_FLAT-IMAGE",
  "MIR_FLATIMAGE-EXT",
  "MIR_FLATMRS-EXT",
  "MIR_DARK",
  "NRC_LED",
  "NRC_DARK",
  "NRC_FLAT",
  "NRC_GRISM",
  "NIS_DARK",
  "NIS_LAMP",
  "NIS_EXTCAL",
  "NRS_DARK",
]);

/** Reason to skip an exposure, undefined when it has to be done or refused. */
export function withoutSky(type: string | undefined): string | undefined {
  return type !== undefined && WITHOUT_SKY.has(type.toUpperCase())
    ? `exposures of type ${type} have no world coordinates`
    : undefined;
}

/**
 * Refuse exposures of a type that this step has no transforms for.
 * @throws {ValidationError}
 */
export function requireImaging(type: string | undefined): void {
  if (type !== undefined && IMAGING_TYPES.has(type.toUpperCase())) return;
  throw new ValidationError(
    type === undefined
      ? "the exposure does not say its type (EXP_TYPE)"
      : `world coordinates of exposures of type ${type} are not implemented; images, and spectra of NIRSpec are`,
    { where: "EXP_TYPE", got: type, wanted: [...IMAGING_TYPES, ...NIRSPEC_IMAGES, ...SPECTRA].join(", ") },
  );
}

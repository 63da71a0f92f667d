import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";

export type Mode = "imaging" | "coron" | "tso";

const IMAGES = ["NRC_IMAGE", "MIR_IMAGE", "NRS_IMAGE", "NIS_IMAGE", "FGS_IMAGE"];
const CORON = ["NRC_CORON", "MIR_LYOT", "MIR_4QPM"];
const TIME_SERIES = ["NRC_TSIMAGE", "NRC_TSGRISM", "MIR_LRS-SLITLESS", "NIS_SOSS", "NRS_BRIGHTOBJ"];
const SPECTRA = [
  "NRC_WFSS",
  "MIR_LRS-FIXEDSLIT",
  "NRS_FIXEDSLIT",
  "NRS_MSASPEC",
  "NIS_WFSS",
  "NRS_IFU",
  "MIR_MRS",
  ...TIME_SERIES.slice(1),
];

/** Whether an exposure is a time series: marked so or of such a type, with more than one integration. */
function isTimeSeries({ meta }: Model): boolean {
  if (typeof meta.exposure.nints === "number" && meta.exposure.nints < 2) return false;
  return meta.visit.tsovisit === true || TIME_SERIES.includes(String(meta.exposure.type));
}

/**
 * How the outliers of an exposure are found.
 * @param alone - the input is one model, not a list
 * @returns undefined for a type of exposure that has no way
 * @throws {ValidationError} for spectra
 */
export function modeOf(model: Model, alone: boolean): Mode | undefined {
  const type = String(model.meta.exposure.type);
  if (SPECTRA.includes(type))
    throw new ValidationError(`outlier_detection finds outliers of images only, not of spectra like ${type}`, {
      got: type,
      wanted: "an imaging, coronagraphic or time-series imaging exposure",
    });
  if (alone && isTimeSeries(model)) return "tso";
  if (CORON.includes(type)) return "coron";
  return IMAGES.includes(type) ? "imaging" : undefined;
}

/** The numbers of a parameter like "5.0 4.0". @throws {ValidationError} */
export function pairOf(text: string, name: string): [number, number] {
  const numbers = text
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  if (numbers.length === 2 && numbers.every((v) => !Number.isNaN(v))) return [numbers[0], numbers[1]];
  throw new ValidationError(`${name} is two numbers with a space between them`, { got: text, where: name });
}

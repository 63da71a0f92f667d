import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";

const IMAGERS = ["FGS", "MIRI", "NIRCAM", "NIRISS"];

/**
 * What cannot be told apart cannot be calibrated.
 * @throws {ValidationError} for an exposure that does not say its instrument or type
 */
export function requireMode(model: Model): void {
  const missing = model.meta.instrument.name === undefined ? "INSTRUME" : "EXP_TYPE";
  if (missing === "EXP_TYPE" && model.meta.exposure.type !== undefined) return;
  throw new ValidationError(`the exposure does not say what it is: ${missing} is missing`, { where: missing });
}

/** Why an exposure is not calibrated; undefined when it is an image or a cube of an imager. */
export function unsupported(model: Model): string | undefined {
  const { instrument, exposure } = model.meta;
  const name = instrument.name?.toUpperCase() ?? "an unknown instrument";
  const what = `${exposure.type ?? "unknown"} exposures (${name}, ${model.modelType})`;
  const imager = IMAGERS.includes(name) && (model.modelType === "ImageModel" || model.modelType === "CubeModel");
  const spectrograph = name === "MIRI" && instrument.detector?.toUpperCase() !== "MIRIMAGE";
  return imager && !spectrograph ? undefined : `flux calibration of ${what} is not supported; that of images is`;
}

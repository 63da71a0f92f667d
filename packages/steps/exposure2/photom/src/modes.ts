import type { Model } from "@calwebb/datamodels";

const IMAGERS = ["FGS", "MIRI", "NIRCAM", "NIRISS"];

/** Why an exposure is not calibrated; undefined when it is an image or a cube of an imager. */
export function unsupported(model: Model): string | undefined {
  const { instrument, exposure } = model.meta;
  const name = instrument.name?.toUpperCase() ?? "an unknown instrument";
  const what = `${exposure.type ?? "unknown"} exposures (${name}, ${model.modelType})`;
  const imager = IMAGERS.includes(name) && (model.modelType === "ImageModel" || model.modelType === "CubeModel");
  const spectrograph = name === "MIRI" && instrument.detector?.toUpperCase() !== "MIRIMAGE";
  return imager && !spectrograph ? undefined : `flux calibration of ${what} is not supported; that of images is`;
}

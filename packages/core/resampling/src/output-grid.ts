import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { type OrientationInfo, parseSRegion, type Wcs, wcsFromSregions, wcsOf } from "@calwebb/wcs";
import { meanPixelArea } from "./pixel-area.js";
import { pixelScaleAt } from "./pixel-scale.js";

const DEG = 180 / Math.PI;

/** The image that exposures are resampled onto. */
export interface OutputGrid {
  wcs: Wcs;
  nx: number;
  ny: number;
  /** Size of a pixel [arcsec]. */
  pixelScale: number;
  /** Size of its pixels over those of the input; undefined: to be found from the first exposure. */
  scaleRatio: number | undefined;
}

/** What the user wants of the image. */
export interface GridOptions {
  /** Output over input pixel size (default 1). */
  pixelScaleRatio?: number;
  /** Pixel size [arcsec]; wins over the ratio. */
  pixelScale?: number;
  /** nx, ny. */
  shape?: readonly [number, number];
  /** Position angle of the Y axis [deg]. */
  rotation?: number;
  /** Reference pixel, counted from 0. */
  crpix?: readonly [number, number];
  /** Reference point [deg]. */
  crval?: readonly [number, number];
}

/** The WCS of a model. @throws {ValidationError} when it has none, or one that is not of an image */
export function imageWcs(model: Model): Wcs {
  const name = model.meta.filename ?? "an exposure";
  const wcs = wcsOf(model);
  if (wcs === undefined) throw new ValidationError(`${name} has no WCS; run assign_wcs first`, { where: "meta.wcs" });
  const { naxes, axesTypes } = wcs.outputFrame;
  if (naxes !== 2 || !axesTypes.every((t) => t === "SPATIAL"))
    throw new ValidationError(`${name} is not an image of the sky: its WCS has the axes ${axesTypes.join(", ")}`, {
      got: String(model.meta.exposure.type ?? axesTypes.join(", ")),
      wanted: "an imaging exposure; spectra are resampled elsewhere",
    });
  return wcs;
}

/** Polygons of an S_REGION text, one text each. */
export function regionTexts(text: string): string[] {
  return text
    .split(/POLYGON\s+ICRS/)
    .map((t) => t.trim())
    .filter((t) => t !== "")
    .map((t) => `POLYGON ICRS ${t}`);
}

/** S_REGION of every model. @throws {ValidationError} naming the one that has none */
export function regionsOf(models: Iterable<Model>): string[] {
  return [...models].flatMap((model) => {
    const text = model.meta.wcsinfo.s_region;
    if (typeof text === "string" && text.trim() !== "") return regionTexts(text);
    throw new ValidationError(`${model.meta.filename ?? "an exposure"} has no S_REGION; run assign_wcs first`, {
      where: "meta.wcsinfo.s_region",
    });
  });
}

function orientation(model: Model): OrientationInfo {
  const { ra_ref, dec_ref, roll_ref, v3yangle, vparity } = model.meta.wcsinfo;
  const info = { ra_ref, dec_ref, roll_ref, v3yangle, vparity };
  for (const [key, value] of Object.entries(info))
    if (typeof value !== "number")
      throw new ValidationError(`${model.meta.filename ?? "an exposure"} has no ${key.toUpperCase()}`, {
        where: `meta.wcsinfo.${key}`,
      });
  return info as OrientationInfo;
}

/**
 * A tangent-plane image that holds all exposures, with the orientation and pixel size of the first one unless the options say
 * otherwise.
 * @throws {ValidationError} for exposures without WCS or footprint, or that are no images
 */
export function outputGrid(models: readonly Model[], options: GridOptions = {}): OutputGrid {
  const [first] = models;
  if (first === undefined) throw new ValidationError("there are no exposures to resample");
  const reference = imageWcs(first);
  const info = orientation(first);
  const regions = regionsOf(models).map((text) => parseSRegion(text));
  const [ny, nx] = first.shape ?? [0, 0];
  let scaleRatio = options.pixelScaleRatio ?? 1;
  let scale: number;
  if (options.pixelScale !== undefined) {
    const area = meanPixelArea(reference, nx, ny);
    if (area === undefined) throw new ValidationError("the pixel size of the first exposure cannot be found");
    scale = options.pixelScale / 3600;
    scaleRatio = scale / (Math.sqrt(area) * DEG);
  } else scale = pixelScaleAt(reference, info.ra_ref, info.dec_ref) * scaleRatio;
  if (!(scale > 0)) throw new ValidationError("the pixel size must be positive", { got: String(scale * 3600) });
  const wcs = wcsFromSregions(regions, reference, info, {
    pscaleRatio: scaleRatio,
    pscale: scale,
    rotation: options.rotation,
    shape: options.shape && [options.shape[1], options.shape[0]],
    crpix: options.crpix,
    crval: options.crval,
  });
  const [width, height] = wcs.pixelShape as readonly [number, number];
  return { wcs, nx: width, ny: height, pixelScale: scale * 3600, scaleRatio };
}

/**
 * The image that a WCS given by the user stands for.
 * @param shape - nx, ny; default: what the WCS says, else its bounding box
 * @param pixelScale - [arcsec]; default: the mean over the image
 * @throws {ValidationError} when the size is not known
 */
export function customGrid(wcs: Wcs, shape?: readonly number[], pixelScale?: number): OutputGrid {
  if (wcs.outputFrame.naxes !== 2)
    throw new ValidationError("the WCS of the output must have two axes", { got: String(wcs.outputFrame.naxes) });
  const box = wcs.boundingBox;
  const size = shape ?? wcs.pixelShape ?? (box && [box.at(0)[1], box.at(1)[1]].map((v) => Math.trunc(v + 0.5)));
  if (size === undefined)
    throw new ValidationError("the size of the output is not known: its WCS has neither a size nor a bounding box", {
      where: "output_shape",
    });
  const [nx, ny] = size;
  const own = wcs.clone();
  own.pixelShape = [nx, ny];
  const area = pixelScale === undefined ? meanPixelArea(own, nx, ny) : undefined;
  const found = pixelScale ?? (area === undefined ? undefined : 3600 * DEG * Math.sqrt(area));
  if (found === undefined) throw new ValidationError("the pixel size of the output WCS cannot be found");
  return { wcs: own, nx, ny, pixelScale: found, scaleRatio: undefined };
}

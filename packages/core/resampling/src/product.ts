import { NdArray } from "@calwebb/array";
import { createModel, type ImageModel, type Model } from "@calwebb/datamodels";
import { describeError } from "@calwebb/errors";
import { combineSRegions, FitsImaging, setWcs, updateFitsWcsinfo } from "@calwebb/wcs";
import type { OutputGrid } from "./output-grid.js";
import type { Log, Resampled } from "./types.js";

const ARCSEC = Math.PI / 180 / 3600;
/** Keywords of a SIP polynomial, which an image without distortion has not. */
const SIP = /^(cd[12]_[12]|[ab]p?_\d_\d|[ab]p?_order)$/;
/** Keywords of the detector. */
const DETECTOR = ["v2_ref", "v3_ref", "ra_ref", "dec_ref", "roll_ref", "v3yangle", "vparity"] as const;

/** A new product with the metadata of its first exposure and the WCS of the output. */
export function newProduct(first: Model, grid: OutputGrid): ImageModel {
  const product = createModel("ImageModel");
  product.update(first);
  setWcs(product, grid.wcs);
  return product;
}

/** What the metadata say about how the image was made. */
export interface ProductInfo {
  pixfrac: number;
  kernel: string;
  fillval: string;
  weightType: string | null;
  scaleRatio: number | undefined;
  /** Whether the variances are kept; they are always needed for the error. */
  reportVariances: boolean;
}

function setOrDelete(model: Model, path: string, value: unknown): void {
  if (value === undefined || value === null) model.delete(path);
  else model.set(path, value);
}

/** Put arrays, times, pixel area and the parameters of resampling into a product, in place. */
export function fillProduct(product: ImageModel, grid: OutputGrid, image: Resampled, info: ProductInfo): void {
  const shape = [grid.ny, grid.nx];
  product.data = new NdArray(image.data, shape);
  product.wht = new NdArray(image.wht, shape);
  if (image.con) product.con = new NdArray(image.con, [image.planes, ...shape]);
  if (image.dq) product.dq = new NdArray(image.dq, shape);
  if (image.err) product.err = new NdArray(image.err, shape);
  else product.delete("meta.bunit_err");
  if (info.reportVariances)
    for (const [name, values] of Object.entries(image.variances)) product.set(name, new NdArray(values, shape));
  setWcs(product, grid.wcs);
  const { times } = image;
  const area = grid.pixelScale * grid.pixelScale;
  const values: Record<string, unknown> = {
    "photometry.pixelarea_steradians": area * ARCSEC * ARCSEC,
    "photometry.pixelarea_arcsecsq": area,
    "resample.pointings": times.pointings,
    "resample.pixel_scale_ratio": info.scaleRatio,
    "resample.pixfrac": info.pixfrac,
    "resample.kernel": info.kernel,
    "resample.fillval": info.fillval,
    "resample.weight_type": info.weightType,
    "exposure.exposure_time": times.exposureTime,
    "exposure.start_time": times.startTime,
    "exposure.end_time": times.endTime,
    "exposure.duration": times.duration,
    "exposure.measurement_time": times.measurementTime,
    "exposure.effective_exposure_time": times.exposureTime,
    "exposure.elapsed_exposure_time": times.duration,
    "background.level": undefined,
    "background.subtracted": undefined,
  };
  for (const [path, value] of Object.entries(values)) setOrDelete(product, `meta.${path}`, value);
}

/** Write the FITS keywords of the output WCS, and the union of the footprints, in place. */
export function writeWcsinfo(product: ImageModel, grid: OutputGrid, regions: readonly string[], log: Log): void {
  const { wcsinfo } = product.meta;
  for (const name of Object.keys((product.get("meta.wcsinfo") as object | undefined) ?? {}))
    if (SIP.test(name)) product.delete(`meta.wcsinfo.${name}`);
  const transform = grid.wcs.forwardTransform;
  if (transform instanceof FitsImaging) {
    const { crpix, cdelt, crval, pc, projection } = transform;
    const [unit1, unit2] = grid.wcs.outputFrame.units;
    Object.assign(wcsinfo, {
      crpix1: crpix[0] + 1,
      crpix2: crpix[1] + 1,
      cdelt1: cdelt[0],
      cdelt2: cdelt[1],
      crval1: crval[0],
      crval2: crval[1],
      pc1_1: pc[0],
      pc1_2: pc[1],
      pc2_1: pc[2],
      pc2_2: pc[3],
      ctype1: `RA---${projection.code}`,
      ctype2: `DEC--${projection.code}`,
      cunit1: unit1,
      cunit2: unit2,
      radesys: "ICRS",
    });
  } else {
    log.warn("the output WCS is not linear: its FITS keywords are those of a linear WCS fitted to it");
    updateFitsWcsinfo(product, { wcs: grid.wcs, degree: 1, invDegree: 0, npoints: 12 } as never);
  }
  for (const name of DETECTOR) product.delete(`meta.wcsinfo.${name}`);
  product.delete("meta.wcsinfo.s_region");
  try {
    wcsinfo.s_region = combineSRegions(regions, grid.wcs, grid.wcs.footprint());
  } catch (error) {
    log.warn(`the product has no S_REGION: ${describeError(error)}`);
  }
}

import { allocate, NdArray } from "@calwebb/array";
import { createModel, type ImageModel, type Model } from "@calwebb/datamodels";
import { writeEcsv } from "@calwebb/ecsv";
import { ValidationError } from "@calwebb/errors";
import { findSources } from "@calwebb/photometry";
import { finderOptions } from "@calwebb/step-parameters";
import type { ProcessOf } from "@calwebb/stpipe";
import { type Wcs, wcsOf } from "@calwebb/wcs";
import { aperturesOf, NoReferenceData, vegaOffset } from "./references.js";
import { sourcesOf } from "./sources.js";
import type { SourceCatalogStep } from "./step.js";
import { catalogOf } from "./table.js";

/** There is no catalog, and nothing to save. */
const NOTHING = undefined as never;

/** Catalog of a mosaic, saved as an ECSV table with the map of segments beside it. */
export const process: ProcessOf<typeof SourceCatalogStep> = async (image, ctx) => {
  const { params, refs, log } = ctx;
  if (params.kernel_fwhm === 0)
    throw new ValidationError("kernel_fwhm is 0: sharpness and roundness need a kernel", { where: "kernel_fwhm" });
  await image.load("data", "err", "wht");
  if (!image.hasArray("err")) throw new ValidationError("the image has no errors (ERR)", { where: "ERR" });
  const energies = [params.aperture_ee1, params.aperture_ee2, params.aperture_ee3];
  const references = { apertures: undefined as ReturnType<typeof aperturesOf> | undefined, offset: 0 };
  try {
    references.apertures = aperturesOf(image, refs.apcorr as Model | undefined, energies, log);
    references.offset = await vegaOffset(image, refs.abvegaoffset, log);
  } catch (error) {
    if (!(error instanceof NoReferenceData)) throw error;
    log.warn(`${error.message} There will be no catalog.`);
    return NOTHING;
  }
  const wcs = wcsOf(image);
  if (!wcs) log.warn("the image has no world coordinates: there will be no positions on the sky");
  const scale = fluxScale(image);
  const [ny, nx] = image.data.shape;
  const data = scaled(image.data.flat(), scale);
  const error = scaled(image.err.flat(), scale);
  const weight = image.hasArray("wht") ? image.wht.flat() : undefined;
  const mask = new Uint8Array(error.length);
  for (let p = 0; p < mask.length; p++) if (Number.isNaN(error[p]) || weight?.[p] === 0) mask[p] = 1;
  const found = findSources(data, error, mask, ny, nx, finderOptions(params));
  if (!found) log.warn("there is no pixel to take a background from");
  if (!found || found.sources.length + found.stars.length === 0) {
    log.warn("no sources were found: there will be no catalog");
    return NOTHING;
  }
  const catalog = catalogOf({
    image: { data, error, ny, nx },
    sources: sourcesOf(found),
    apertures: references.apertures,
    vegaOffset: references.offset,
    fwhm: params.kernel_fwhm,
    thresholds: [params.ci1_star_threshold, params.ci2_star_threshold],
    sky: wcs && ((x, y) => wcs.forward(x, y)),
    north: wcs ? northAngle(wcs, image) : Number.NaN,
    meta: {
      local_bkg_width: params.localbkg_width,
      aperture_params: {
        aperture_ee: references.apertures.energies,
        aperture_radii: references.apertures.radii,
        aperture_corrections: references.apertures.corrections,
        bkg_aperture_inner_radius: references.apertures.inner,
        bkg_aperture_outer_radius: references.apertures.outer,
      },
      abvega_offset: references.offset,
    },
  });
  log.info(`${found.sources.length + found.stars.length} sources`);
  if (params.save_results || params.output_file) {
    const path = await ctx.saveText(writeEcsv(catalog), { ext: "ecsv" });
    image.set("meta.source_catalog", path.replace(/^.*[\\/]/, ""));
    if (found.segments) {
      const map = createModel("SegmentationMapModel", {
        data: new NdArray(unsigned(found.segments.labels), [ny, nx]),
      });
      map.update(image, { only: "PRIMARY" });
      if (wcs) map.set("meta.wcs", image.get("meta.wcs"));
      map.set("meta.wcsinfo", image.get("meta.wcsinfo"));
      const saved = await ctx.saveModel(map, { suffix: "segm" });
      image.set("meta.segmentation_map", saved.replace(/^.*[\\/]/, ""));
    }
  }
  // The result is a table, not a model.
  return catalog as never;
};

function scaled(values: Float32Array, factor: number): Float32Array {
  const out = allocate("float32", values.length);
  for (let p = 0; p < out.length; p++) out[p] = values[p] * factor;
  return out;
}

/** The same memory: no label is negative. */
const unsigned = ({ buffer, byteOffset, length }: Int32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

/** From MJy/sr to Jy per pixel, rounded to float32 as the data are. */
function fluxScale(image: ImageModel): number {
  const { bunit_data: data, bunit_err: error } = image.meta;
  if (data !== "MJy/sr" || error !== "MJy/sr")
    throw new ValidationError("data and errors must be in MJy/sr", { got: `${data}, ${error}`, where: "BUNIT" });
  const area = image.meta.photometry.pixelarea_steradians;
  if (area === undefined || area === null)
    throw new ValidationError("the area of a pixel is not known, so fluxes cannot be measured", { where: "PIXAR_SR" });
  return Math.fround(1e6 * area);
}

/** Angle of north at the reference pixel, counter-clockwise from x [deg]: the direction to a point one arc second north. */
function northAngle(wcs: Wcs, image: ImageModel): number {
  const { crpix1, crpix2 } = image.meta.wcsinfo;
  if (typeof crpix1 !== "number" || typeof crpix2 !== "number") return Number.NaN;
  const [ra, dec] = wcs.forward(Float64Array.of(crpix1 - 1), Float64Array.of(crpix2 - 1));
  const [x, y] = wcs.inverse(Float64Array.of(ra[0], ra[0]), Float64Array.of(dec[0], dec[0] + 1 / 3600));
  return (Math.atan2(y[1] - y[0], x[1] - x[0]) * 180) / Math.PI;
}

import { type CubeModel, checkAxes } from "@calwebb/datamodels";
import { writeEcsv } from "@calwebb/ecsv";
import { ValidationError } from "@calwebb/errors";
import { referenceCutter } from "@calwebb/readout";
import type { Logger, ProcessOf } from "@calwebb/stpipe";
import { wcsOf } from "@calwebb/wcs";
import {
  findSource,
  measure,
  nanMedian,
  type Photometry,
  type Series,
  type Source,
  toElectrons,
  total,
} from "./kernel.js";
import type { TSOPhotometryStep } from "./step.js";
import { catalogOf } from "./table.js";

const DO_NOT_USE = 1;

/** Python's spelling of a number with a fraction. */
const spelled = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

/** Catalog of an exposure, saved as an ECSV table when asked for. */
export const process: ProcessOf<typeof TSOPhotometryStep> = async (cube, ctx) => {
  const { params, refs, log } = ctx;
  checkAxes(cube, 3, "the exposure");
  await cube.load("data", "err", "dq");
  const { wcsinfo } = cube.meta;
  const xref = required(wcsinfo.siaf_xref_sci, "XREF_SCI");
  const yref = required(wcsinfo.siaf_yref_sci, "YREF_SCI");
  required(cube.meta.bunit_data, "BUNIT of the data");
  required(cube.meta.bunit_err, "BUNIT of the errors");
  const planned = { x: xref - 1, y: yref - 1 };
  const whole = fillsSubarray(cube);
  if (!whole) checkRadii(params.radius, params.radius_inner, params.radius_outer);
  convertUnits(cube, refs.gain && referenceCutter(cube, refs.gain, log)(refs.gain.data).flat(), log);
  const [nints, ny, nx] = cube.data.shape;
  const series: Series = { data: cube.data.flat(), error: cube.err.flat(), bad: badPixels(cube), nints, ny, nx };

  let source: Source | undefined;
  let fitted = false;
  let x = new Float64Array(nints).fill(planned.x);
  let y = new Float64Array(nints).fill(planned.y);
  if (params.centroid_source) {
    const search = odd(params.search_box_width, "search_box_width", log);
    const fit = odd(params.fit_box_width, "fit_box_width", log);
    ({ source, fitted } = findSource(series, planned.x, planned.y, search, fit, params.radius_inner));
    if (!source.x.some(Number.isFinite))
      log.warn("the source has no centroid; the aperture stays at the planned position");
    else if (params.moving_centroid) {
      x = new Float64Array(source.x);
      y = new Float64Array(source.y);
    } else {
      x.fill(nanMedian(source.x));
      y.fill(nanMedian(source.y));
    }
  }
  log.info(`aperture at x, y = ${nanMedian(x).toFixed(2)}, ${nanMedian(y).toFixed(2)}`);

  const { radius, radius_inner: inner, radius_outer: outer } = params;
  const photometry = whole ? wholeImage(series) : measure(series, x, y, radius, inner, outer);
  const wcs = wcsOf(cube);
  if (!wcs)
    throw new ValidationError("the exposure has no world coordinates: run assign_wcs first", { where: "meta.wcs" });
  const [ra, dec] = wcs.forward(x, y);
  const { instrument, subarray, target } = cube.meta;
  const catalog = catalogOf({
    ...midTimes(cube, nints),
    unit: String(cube.meta.bunit_data),
    photometry,
    whole,
    x,
    y,
    ra,
    dec,
    source,
    fitted,
    meta: {
      instrument: instrument.name,
      detector: instrument.detector,
      channel: instrument.channel,
      subarray: subarray.name,
      filter: instrument.filter,
      pupil: instrument.pupil,
      target_name: target.catalog_name,
      apertures: whole
        ? "Sum of all values of the subarray; no background was subtracted."
        : `Circular aperture of r=${spelled(radius)} pixels. Background: mean in a circular annulus with r_inner=${spelled(inner)} pixels and r_outer=${spelled(outer)} pixels.`,
    },
  });
  if (params.save_catalog) {
    const path = await ctx.saveText(writeEcsv(catalog), { name: cube.meta.filename, suffix: "phot", ext: "ecsv" });
    log.info(`wrote the catalog ${path}`);
  }
  // The result is a table, not a model: pipelines join the tables of several exposures.
  return catalog as never;
};

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined)
    throw new ValidationError(`${what} is missing in the exposure`, { where: what });
  return value;
}

/** With this pupil the light fills the subarray: all of it is the aperture, and nothing is left for a background. */
function fillsSubarray({ meta }: CubeModel): boolean {
  return meta.instrument.pupil === "WLP8" && meta.subarray.name === "SUB64P";
}

/** @throws {ValidationError} for a circle or an annulus without area */
function checkRadii(radius: number, inner: number, outer: number): void {
  if (!(radius > 0)) throw new ValidationError("radius must be above 0", { got: String(radius), where: "radius" });
  if (!(inner > 0 && outer > inner))
    throw new ValidationError(`the annulus from radius_inner = ${inner} to radius_outer = ${outer} is none`, {
      got: `${inner}, ${outer}`,
      wanted: "0 < radius_inner < radius_outer",
    });
}

/** Side of a box, one less when it is even. */
function odd(width: number, name: string, log: Logger): number {
  if (width % 2 !== 0) return width;
  log.warn(`${name} must be odd: ${width - 1} is used in place of ${width}`);
  return width - 1;
}

/** MJy/sr become Jy, DN/s become electrons, in place and in float32. */
function convertUnits(cube: CubeModel, gain: Float32Array | undefined, log: Logger): void {
  const unit = cube.meta.bunit_data;
  const data = cube.data.flat();
  const error = cube.err.flat();
  if (unit === "MJy/sr") {
    const area = required(cube.meta.photometry.pixelarea_steradians, "PIXAR_SR");
    const factor = Math.fround(1e6 * area);
    for (let p = 0; p < data.length; p++) {
      data[p] *= factor;
      error[p] *= factor;
    }
    cube.meta.bunit_data = "Jy";
    cube.meta.bunit_err = "Jy";
  } else if (unit === "DN/s") {
    if (gain === undefined)
      throw new ValidationError("data in DN/s need the gain, and there is no GAIN reference", {
        got: "N/A",
        wanted: "a file, given with --override_gain",
      });
    const time = required(cube.meta.exposure.integration_time, "EFFINTTM");
    toElectrons(data, gain, time);
    toElectrons(error, gain, time);
    cube.meta.bunit_data = "electron";
    cube.meta.bunit_err = "electron";
  } else log.warn(`unexpected unit of the data: ${unit}; the catalog keeps it`);
}

function badPixels(cube: CubeModel): Uint8Array {
  const data = cube.data.flat();
  const dq = cube.dq.flat();
  const bad = new Uint8Array(data.length);
  for (let p = 0; p < data.length; p++) bad[p] = (dq[p] & DO_NOT_USE) !== 0 || Number.isNaN(data[p]) ? 1 : 0;
  return bad;
}

function wholeImage(series: Series): Photometry {
  const { sum, error } = total(series);
  const none = new Float64Array(series.nints).fill(Number.NaN);
  const nothing = { apertureArea: none, annulusSum: none, annulusError: none, annulusArea: none };
  return { apertureSum: sum, apertureError: error, ...nothing };
}

/** Middle of every integration, UTC and barycentric TDB [MJD]. */
function midTimes(cube: CubeModel, nints: number): { mjd: Float64Array; bjd: Float64Array } {
  const table = cube.hasTable("int_times") ? cube.int_times : undefined;
  const rows = table?.nrows ?? 0;
  if (!table || rows === 0)
    throw new ValidationError("the exposure has no table of integration times (INT_TIMES)", { where: "int_times" });
  const numbers = (name: string): Float64Array => Float64Array.from(table.numbers(name) as ArrayLike<number>);
  const first = (cube.meta.exposure.integration_start ?? 1) - numbers("integration_number")[0];
  const part = (name: string): Float64Array => numbers(name).slice(first, first + nints);
  const mjd = part("int_mid_MJD_UTC");
  if (mjd.length !== nints)
    throw new ValidationError(`INT_TIMES has times of ${mjd.length} of the ${nints} integrations`, {
      where: "int_times",
    });
  return { mjd, bjd: part("int_mid_BJD_TDB") };
}

import type { Model, Table } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { Logger, ProcessOf } from "@calwebb/stpipe";
import { attachArea, type Imaging } from "./area.js";
import { calibrate } from "./kernel.js";
import { requireMode, unsupported } from "./modes.js";
import { selectRow } from "./select.js";
import type { PhotomStep } from "./step.js";
import { sensitivity, tablesOf } from "./tables.js";

/** MJy/sr in microjansky per square arcsecond: 1e12 (pi / 648000)^2, rounded as astropy does. */
const MJSR_TO_UJA2 = 23.50443053909789;

interface Conversion {
  factor: number;
  /** Rounded to float32, like everything that follows from it. */
  single: boolean;
  surfaceBrightness: boolean;
}

/** The factor of a row: MJy/sr per DN/s, or flux per DN/s, which the pixel area makes surface brightness unless the source is a point. */
function conversionOf(
  table: Table,
  row: number,
  model: Model,
  sourceType: string | undefined,
  log: Logger,
): Conversion {
  if (table.has("photmjsr"))
    return { factor: Number(table.cell("photmjsr", row)), single: true, surfaceBrightness: true };
  const factor = Number(table.cell("photmj", row));
  if (sourceType === "POINT") return { factor, single: true, surfaceBrightness: false };
  const area = model.meta.photometry.pixelarea_steradians;
  if (area === undefined) {
    log.warn("without a pixel area flux cannot be made surface brightness");
    return { factor, single: true, surfaceBrightness: true };
  }
  return { factor: Math.fround(factor / Math.fround(area)), single: true, surfaceBrightness: true };
}

/** Convert an image or a cube, in place. */
function apply(science: Imaging, { factor, single, surfaceBrightness }: Conversion, inverse: boolean): void {
  const rounded = single ? Math.fround : (x: number) => x;
  const { photometry } = science.meta;
  photometry.conversion_megajanskys = factor;
  photometry.conversion_microjanskys = rounded(factor * rounded(MJSR_TO_UJA2));
  const n = science.data.size;
  const variances = [];
  for (const name of ["var_poisson", "var_rnoise", "var_flat"] as const)
    if (science.hasArray(name)) {
      const values = science[name].flat();
      if (values.length === n) variances.push(values);
    }
  const dq = science.dq.flat();
  calibrate({
    data: science.data.flat(),
    err: science.err.flat(),
    variances,
    dq: dq.length === n ? dq : null,
    factor,
    square: rounded(factor * factor),
    inverse,
  });
  const unit = inverse ? "DN/s" : surfaceBrightness ? "MJy/sr" : "MJy";
  science.meta.bunit_data = unit;
  science.meta.bunit_err = unit;
}

/** Calibrate an image or a cube of images, in place. */
export const process: ProcessOf<typeof PhotomStep> = async (input, { params, refs, log }) => {
  requireMode(input);
  const reason = unsupported(input);
  if (reason !== undefined) return { skip: reason };
  const photom = refs.photom as Model | undefined;
  if (photom === undefined) return { skip: "no PHOTOM reference file applies" };
  const science = input as Imaging;
  await science.load();
  const tables = tablesOf(photom);
  const { phot_table: table } = tables;
  if (table.has("wavelength"))
    return { skip: "the photom reference is for spectra, whose flux calibration is not supported" };
  attachArea(science, refs.area, photom, log);
  if (science.meta.instrument.name?.toUpperCase() === "NIRISS" && science.modelType === "CubeModel")
    return { skip: "cubes of NIRISS images are not calibrated" };
  const row = selectRow(science, table, log);
  if (row === undefined) return science;
  const sourceType = params.source_type ?? science.meta.target.source_type?.toUpperCase();
  let conversion = conversionOf(table, row, science, sourceType, log);
  const relative = params.apply_time_correction ? sensitivity(tables, row, science.meta.exposure.mid_time) : 1;
  if (relative !== 1) {
    log.info(`sensitivity at the time of the exposure: ${relative.toPrecision(6)}`);
    conversion = { ...conversion, factor: conversion.factor / relative, single: false };
  }
  if (!Number.isFinite(conversion.factor))
    throw new ValidationError(`the conversion factor of the photom reference is ${conversion.factor}`, {
      where: "phot_table",
      got: String(conversion.factor),
      wanted: "a number",
    });
  log.info(`PHOTMJSR is ${conversion.factor.toPrecision(6)}`);
  apply(science, conversion, params.inverse);
  return science;
};

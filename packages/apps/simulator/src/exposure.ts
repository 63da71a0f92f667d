import { NdArray } from "@calwebb/array";
import { createModel, type GuiderRawModel, type Level1bModel } from "@calwebb/datamodels";
import { type Random, random } from "@calwebb/rng";
import { type Effects, expose, type RawExposure, SPACE, type Watch } from "./detector/expose.js";
import { type Geometry, geometryOf } from "./detector/geometry.js";
import { rawRows } from "./detector/irs2.js";
import { drawMaps, type PixelMaps } from "./detector/maps.js";
import { addGuiderTables, guideStar } from "./guider-tables.js";
import { type ExposureIds, exposureName, FIRST, groupTable, intTimes, metadata, START_MJD } from "./metadata.js";
import type { Mode } from "./modes.js";
import { addStar, DEEP_FIELD, drawField, type Field } from "./sky/scene.js";
import type { View } from "./sky/view.js";

/** How an exposure is taken. */
export interface ExposureOptions extends Watch {
  nints: number;
  ngroups: number;
  seed: number;
  /** Include the first frame of each integration. */
  zeroframe?: boolean;
  effects?: Partial<Effects>;
  /** Sky without coordinates; for exposures without a view. */
  field?: Partial<Field>;
  /** What the detector sees of the sky, and where it looks; without one it sees a random field and the header has no pointing. */
  view?: View;
  /** Exposures of one seed are of one detector; each number has noise of its own (default 0). */
  take?: number;
  /** Start [MJD]. */
  start?: number;
  /** Numbers of the names. */
  ids?: ExposureIds;
  /** Integrations of all segments, and number of the first of this one. */
  total?: number;
  first?: number;
  /** Keywords that differ from the usual ones. */
  meta?: Readonly<Record<string, unknown>>;
}

/** A simulated exposure with what went into it. */
export interface SimulatedExposure {
  readonly model: Level1bModel | GuiderRawModel;
  readonly mode: Mode;
  readonly geometry: Geometry;
  readonly maps: PixelMaps;
  /** Photons that arrived in the first integration [e-/s], in the shape of the raw frame. */
  readonly light: Float32Array;
  /** What the detector saw; undefined where the sky has no coordinates. */
  readonly view: View | undefined;
  /** `jw..._uncal.fits` */
  readonly fileName: string;
}

/** Simulate one exposure. The same options give the same counts on every platform. */
export function simulate(mode: Mode, options: ExposureOptions): SimulatedExposure {
  const geometry = geometryOf(mode);
  const maps = drawMaps(mode, geometry, random(options.seed).fork(10));
  const { view, take = 0 } = options;
  const drawn = view ? undefined : drawLight(mode, options, random(options.seed).fork(20));
  const light = (integration: number): Float32Array => drawn ?? (view as View).light(integration);
  const effects = { ...SPACE, ...options.effects };
  const noise = random(options.seed).fork(30 + 100 * take);
  const raw = expose(mode, geometry, maps, light, options, effects, noise, options);
  const model = mode.guider ? guiderModel(mode, geometry, options, raw) : exposureModel(mode, geometry, options, raw);
  return { model, mode, geometry, maps, light: light(0), view, fileName: fileNameOf(mode, options) };
}

function drawLight(mode: Mode, options: ExposureOptions, r: Random): Float32Array {
  const field = { ...DEEP_FIELD, ...options.field };
  if (!mode.guider) {
    const sky = drawField(mode.xsize, mode.ysize, field, r);
    return mode.irs2 ? rawRows(sky, mode.xsize) : sky;
  }
  const sky = new Float32Array(mode.xsize * mode.ysize).fill(field.background);
  const { x, y } = guideStar(mode);
  addStar(sky, mode.xsize, mode.ysize, x, y, 5e6, field.fwhm);
  return sky;
}

function fileNameOf(mode: Mode, { ids = FIRST }: ExposureOptions): string {
  if (!mode.guider) return `${exposureName(ids, mode.detector)}_uncal.fits`;
  const kind = mode.expType.slice(4).toLowerCase();
  return `jw01234001001_gs-${kind === "fineguide" ? "fg" : kind}_2023134072311_uncal.fits`;
}

function exposureModel(mode: Mode, geometry: Geometry, options: ExposureOptions, raw: RawExposure): Level1bModel {
  const { nints, ngroups } = options;
  const model = createModel("Level1bModel", {
    data: new NdArray(raw.data, [nints, ngroups, geometry.ny, geometry.nx]),
    meta: metadata(mode, options),
  });
  if (raw.zeroframe) model.zeroframe = new NdArray(raw.zeroframe, [nints, geometry.ny, geometry.nx]);
  if (mode.instrument === "MIRI" && mode.subarray === "FULL") model.refout = referenceOutput(mode, options);
  model.group = groupTable(mode, options);
  model.int_times = intTimes(mode, options);
  return model;
}

/** MIRI's fifth output, read with every four columns: its level, drift and noise. */
function referenceOutput(mode: Mode, { nints, ngroups, seed }: ExposureOptions): NdArray<Uint16Array> {
  const r = random(seed).fork(40);
  const shape = [nints, ngroups, mode.ysize, mode.xsize / 4];
  const plane = shape[2] * shape[3];
  const data = new Uint16Array(nints * ngroups * plane);
  for (let start = 0; start < data.length; start += plane) {
    const level = 8000 + 4 * r.normal();
    for (let p = start; p < start + plane; p++) data[p] = Math.round(level + 4 * r.normal());
  }
  return new NdArray(data, shape);
}

function guiderModel(mode: Mode, geometry: Geometry, options: ExposureOptions, raw: RawExposure): GuiderRawModel {
  const model = createModel("GuiderRawModel", {
    data: new NdArray(Float32Array.from(raw.data), [options.nints, options.ngroups, geometry.ny, geometry.nx]),
    meta: { ...metadata(mode, options), guidestar: { gs_order: 1, gs_id: "S1AB000001" } },
  });
  addGuiderTables(model, mode, options.nints * options.ngroups, START_MJD);
  return model;
}

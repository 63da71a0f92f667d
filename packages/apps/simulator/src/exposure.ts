import { NdArray } from "@calwebb/array";
import { createModel, type GuiderRawModel, type Level1bModel, type Table, tableFrom } from "@calwebb/datamodels";
import { type Random, random } from "@calwebb/rng";
import { type Effects, expose, type RawExposure, SPACE } from "./detector/expose.js";
import { type Geometry, geometryOf } from "./detector/geometry.js";
import { rawRows } from "./detector/irs2.js";
import { drawMaps, type PixelMaps } from "./detector/maps.js";
import { addGuiderTables, guideStar } from "./guider-tables.js";
import type { Mode } from "./modes.js";
import { addStar, DEEP_FIELD, drawField, type Field } from "./sky/scene.js";

/** How an exposure is taken. */
export interface ExposureOptions {
  nints: number;
  ngroups: number;
  seed: number;
  /** Include the first frame of each integration. */
  zeroframe?: boolean;
  effects?: Partial<Effects>;
  field?: Partial<Field>;
  onGroup?: (done: number, total: number) => void;
}

/** A simulated exposure with what went into it. */
export interface SimulatedExposure {
  readonly model: Level1bModel | GuiderRawModel;
  readonly mode: Mode;
  readonly geometry: Geometry;
  readonly maps: PixelMaps;
  /** Photons that arrived [e-/s], in the shape of the raw frame. */
  readonly light: Float32Array;
  /** `jw..._uncal.fits` */
  readonly fileName: string;
}

const START_MJD = 60078.30777;
const DAY = 86400;

/** Simulate one exposure. The same options give the same counts on every platform. */
export function simulate(mode: Mode, options: ExposureOptions): SimulatedExposure {
  const geometry = geometryOf(mode);
  const maps = drawMaps(mode, geometry, random(options.seed).fork(10));
  const light = drawLight(mode, options, random(options.seed).fork(20));
  const effects = { ...SPACE, ...options.effects };
  const raw = expose(mode, geometry, maps, light, options, effects, random(options.seed).fork(30), options.onGroup);
  const model = mode.guider ? guiderModel(mode, geometry, options, raw) : exposureModel(mode, geometry, options, raw);
  return { model, mode, geometry, maps, light, fileName: fileNameOf(mode) };
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

function fileNameOf(mode: Mode): string {
  const detector = mode.detector.toLowerCase();
  if (!mode.guider) return `jw01234001001_02101_00001_${detector}_uncal.fits`;
  const kind = mode.expType.slice(4).toLowerCase();
  return `jw01234001001_gs-${kind === "fineguide" ? "fg" : kind}_2023134072311_uncal.fits`;
}

/** Metadata that every exposure has. */
function metadata(mode: Mode, { nints, ngroups, zeroframe }: ExposureOptions): object {
  const groupTime = mode.frameTime * (mode.nframes + mode.groupgap);
  const integration = groupTime * ngroups;
  const total = (integration + mode.frameTime) * nints;
  const end = START_MJD + total / DAY;
  return {
    telescope: "JWST",
    origin: "STSCI",
    program: { title: "Simulated exposure", pi_name: "calwebb", category: "CAL" },
    observation: {
      date: "2023-05-14",
      time: "07:23:11.123",
      obs_id: "V01234001001P0000000002101",
      visit_id: "01234001001",
      program_number: "01234",
      observation_number: "001",
      visit_number: "001",
      visit_group: "02",
      sequence_id: "1",
      activity_id: "01",
      exposure_number: "00001",
    },
    visit: { status: "SUCCESSFUL", tsovisit: false },
    target: { catalog_name: "SIMULATED", type: "FIXED", ra: 80.4875, dec: -69.4975 },
    instrument: { name: mode.instrument, detector: mode.detector, ...mode.optics },
    exposure: {
      type: mode.expType,
      start_time: START_MJD,
      mid_time: (START_MJD + end) / 2,
      end_time: end,
      readpatt: mode.readpatt,
      noutputs: mode.noutputs,
      nints,
      ngroups,
      integration_start: 1,
      integration_end: nints,
      nframes: mode.nframes,
      groupgap: mode.groupgap,
      drop_frames1: 0,
      nsamples: mode.readpatt.startsWith("SLOW") ? 9 : 1,
      sample_time: 10,
      frame_time: mode.frameTime,
      group_time: groupTime,
      integration_time: integration,
      exposure_time: integration * nints,
      measurement_time: integration * nints,
      duration: total,
      nresets_at_start: 1,
      nresets_between_ints: 1,
      zero_frame: zeroframe ?? false,
      data_problem: false,
      ...(mode.irs2 ? { nrs_normal: 16, nrs_reference: 4 } : {}),
    },
    subarray: {
      name: mode.subarray,
      xstart: mode.xstart,
      ystart: mode.ystart,
      xsize: mode.xsize,
      ysize: mode.ysize,
      fastaxis: mode.fastaxis,
      slowaxis: mode.slowaxis,
    },
  };
}

function exposureModel(mode: Mode, geometry: Geometry, options: ExposureOptions, raw: RawExposure): Level1bModel {
  const { nints, ngroups } = options;
  const model = createModel("Level1bModel", {
    data: new NdArray(raw.data, [nints, ngroups, geometry.ny, geometry.nx]),
    meta: metadata(mode, options),
  });
  if (raw.zeroframe) model.zeroframe = new NdArray(raw.zeroframe, [nints, geometry.ny, geometry.nx]);
  if (mode.instrument === "MIRI" && mode.subarray === "FULL") model.refout = referenceOutput(mode, options);
  model.group = groupTable(mode, nints, ngroups);
  model.int_times = intTimes(mode, nints, ngroups);
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

function groupTable(mode: Mode, nints: number, ngroups: number): Table {
  const n = nints * ngroups;
  const groupDays = (mode.frameTime * (mode.nframes + mode.groupgap)) / DAY;
  const at = (k: number): number => START_MJD + (k + 1) * groupDays + (Math.floor(k / ngroups) * mode.frameTime) / DAY;
  const times = Array.from({ length: n }, (_, k) => at(k));
  return tableFrom({
    integration_number: Int32Array.from(times, (_, k) => Math.floor(k / ngroups) + 1),
    group_number: Int16Array.from(times, (_, k) => (k % ngroups) + 1),
    end_day: Int16Array.from(times, (t) => Math.floor(t) - 51544),
    end_milliseconds: Int32Array.from(times, (t) => Math.floor((t % 1) * DAY * 1000)),
    end_submilliseconds: new Int16Array(n),
    group_end_time: times.map(isoTime),
    number_of_columns: new Int16Array(n).fill(mode.xsize),
    number_of_rows: new Int16Array(n).fill(mode.ysize),
    number_of_gaps: new Int16Array(n),
    completion_code_number: new Int16Array(n),
    completion_code_text: times.map(() => "COMPLETE"),
    bary_end_time: Float64Array.from(times),
    helio_end_time: Float64Array.from(times),
  });
}

function intTimes(mode: Mode, nints: number, ngroups: number): Table {
  const integration = (mode.frameTime * (mode.nframes + mode.groupgap) * ngroups) / DAY;
  const starts = Array.from({ length: nints }, (_, i) => START_MJD + i * (integration + mode.frameTime / DAY));
  const column = (shift: number): Float64Array => Float64Array.from(starts, (t) => t + shift);
  return tableFrom({
    integration_number: Int32Array.from(starts, (_, i) => i + 1),
    int_start_MJD_UTC: column(0),
    int_mid_MJD_UTC: column(integration / 2),
    int_end_MJD_UTC: column(integration),
    int_start_BJD_TDB: column(0.001),
    int_mid_BJD_TDB: column(integration / 2 + 0.001),
    int_end_BJD_TDB: column(integration + 0.001),
  });
}

/** MJD as the date and time text of the GROUP table. */
function isoTime(mjd: number): string {
  return new Date((mjd - 40587) * DAY * 1000).toISOString().slice(0, 23);
}

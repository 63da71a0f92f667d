import { type Table, tableFrom } from "@calwebb/datamodels";
import type { ExposureOptions } from "./exposure.js";
import { type Mode, subarrayMeta } from "./modes.js";

/** Start of the first exposure [MJD]. */
export const START_MJD = 60078.30777;
const DAY = 86400;

/** What an exposure is called: numbers of the visit, activity and exposure, and of the segment where it has several. */
export interface ExposureIds {
  /** 1-999 */
  readonly observation: number;
  /** Activity 1-99 of the sequence. */
  readonly activity: number;
  /** 1-99999 */
  readonly exposure: number;
  readonly segment?: { readonly number: number; readonly total: number };
}

export const FIRST: ExposureIds = { observation: 1, activity: 1, exposure: 1 };

const padded = (n: number, width: number): string => String(n).padStart(width, "0");

/** Visit part of names, `01234001001`. */
const visitOf = ({ observation }: ExposureIds): string => `01234${padded(observation, 3)}001`;

/** Name of an exposure without its suffix: `jw01234001001_02101_00001_nrcb1`. */
export function exposureName(ids: ExposureIds, detector: string): string {
  const segment = ids.segment ? `-seg${padded(ids.segment.number, 3)}` : "";
  return `jw${visitOf(ids)}_021${padded(ids.activity, 2)}_${padded(ids.exposure, 5)}${segment}_${detector.toLowerCase()}`;
}

/** Time from the start of one integration to the next [s]. */
export const integrationCadence = (mode: Mode, ngroups: number): number =>
  mode.frameTime * (mode.nframes + mode.groupgap) * ngroups + mode.frameTime;

/** Metadata that every exposure has. */
export function metadata(mode: Mode, options: ExposureOptions): Record<string, unknown> {
  const { nints, ngroups, zeroframe, start = START_MJD, ids = FIRST, total: all = nints, first = 1 } = options;
  const groupTime = mode.frameTime * (mode.nframes + mode.groupgap);
  const integration = groupTime * ngroups;
  const total = integrationCadence(mode, ngroups) * nints;
  const end = start + total / DAY;
  const date = isoTime(start);
  const out: Record<string, unknown> = {
    telescope: "JWST",
    origin: "STSCI",
    program: { title: "Simulated exposure", pi_name: "calwebb", category: "CAL" },
    observation: {
      date: date.slice(0, 10),
      time: date.slice(11),
      date_beg: date,
      date_end: isoTime(end),
      obs_id: `V${visitOf(ids)}P00000000021${padded(ids.activity, 2)}`,
      visit_id: visitOf(ids),
      program_number: "01234",
      observation_number: padded(ids.observation, 3),
      visit_number: "001",
      visit_group: "02",
      sequence_id: "1",
      activity_id: padded(ids.activity, 2),
      exposure_number: padded(ids.exposure, 5),
    },
    visit: { status: "SUCCESSFUL", type: "PRIME_TARGETED_FIXED", start_time: isoTime(START_MJD), tsovisit: false },
    target: { catalog_name: "SIMULATED", type: "FIXED", ra: 80.4875, dec: -69.4975 },
    instrument: { name: mode.instrument, detector: mode.detector, ...mode.optics },
    exposure: {
      type: mode.expType,
      start_time: start,
      mid_time: (start + end) / 2,
      end_time: end,
      readpatt: mode.readpatt,
      noutputs: mode.noutputs,
      nints: all,
      ngroups,
      integration_start: first,
      integration_end: first + nints - 1,
      ...(ids.segment ? { segment_number: ids.segment.number, segment_total: ids.segment.total } : {}),
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
    subarray: subarrayMeta(mode),
  };
  for (const part of [options.view?.meta, options.meta]) merge(out, part ?? {});
  return out;
}

/** Put the members of a tree into another, in place. */
function merge(into: Record<string, unknown>, from: Readonly<Record<string, unknown>>): void {
  const isTree = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
  for (const [key, value] of Object.entries(from)) {
    const old = into[key];
    if (isTree(value) && isTree(old)) merge(old, value);
    else into[key] = isTree(value) ? { ...value } : value;
  }
}

/** Table of the groups: when each was read. */
export function groupTable(mode: Mode, { nints, ngroups, start = START_MJD, first = 1 }: ExposureOptions): Table {
  const n = nints * ngroups;
  const groupDays = (mode.frameTime * (mode.nframes + mode.groupgap)) / DAY;
  const at = (k: number): number => start + (k + 1) * groupDays + (Math.floor(k / ngroups) * mode.frameTime) / DAY;
  const times = Array.from({ length: n }, (_, k) => at(k));
  return tableFrom({
    integration_number: Int32Array.from(times, (_, k) => Math.floor(k / ngroups) + first),
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

/** Table of the integrations: start, middle and end. */
export function intTimes(mode: Mode, { nints, ngroups, start = START_MJD, first = 1 }: ExposureOptions): Table {
  const integration = (mode.frameTime * (mode.nframes + mode.groupgap) * ngroups) / DAY;
  const cadence = integrationCadence(mode, ngroups) / DAY;
  const starts = Array.from({ length: nints }, (_, i) => start + i * cadence);
  const column = (shift: number): Float64Array => Float64Array.from(starts, (t) => t + shift);
  return tableFrom({
    integration_number: Int32Array.from(starts, (_, i) => i + first),
    int_start_MJD_UTC: column(0),
    int_mid_MJD_UTC: column(integration / 2),
    int_end_MJD_UTC: column(integration),
    int_start_BJD_TDB: column(0.001),
    int_mid_BJD_TDB: column(integration / 2 + 0.001),
    int_end_BJD_TDB: column(integration + 0.001),
  });
}

/** MJD as date and time. */
function isoTime(mjd: number): string {
  return new Date((mjd - 40587) * DAY * 1000).toISOString().slice(0, 23);
}

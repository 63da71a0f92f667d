import { ndarray } from "@calwebb/array";
import { createModel, type RampModel, type Table, tableFrom } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import type { Logger } from "@calwebb/stpipe";
import { collate, placeStripes, type StripePlacement } from "../kernel.js";
import type { Ramp } from "./context.js";
import { readTimes } from "./read-times.js";

/** Put the superstripes of an exposure together into frames; lines between them are NaN. */
export function collateStripes(ramp: Ramp, log: Logger): RampModel {
  log.info("putting the stripes together into frames");
  const meta = ramp.meta.subarray;
  const stripes = Math.max(1, meta.num_superstripe ?? 1);
  const placement = placeStripes(meta);
  const [nints, groups] = ramp.data.shape;
  const frames = Math.floor(nints / stripes);
  const axes = { placement, fastaxis: meta.fastaxis ?? 1, slowaxis: meta.slowaxis ?? 2 };
  const shape = [frames, groups * placement.repeats, ...placement.to];
  const data = ndarray("float32", shape);
  data.data.fill(Number.NaN);
  collate({ source: ramp.data.flat(), target: data.data, ...axes, groups, merge: false });
  const groupdq = ndarray("uint8", shape);
  collate({ source: ramp.groupdq.flat(), target: groupdq.data, ...axes, groups, merge: false });
  const pixeldq = ndarray("uint32", placement.to);
  pixeldq.data.fill(pixel.REFERENCE_PIXEL);
  collate({ source: ramp.pixeldq.flat(), target: pixeldq.data, ...axes, groups: 1, merge: true });
  const out = createModel("RampModel", { data, groupdq, pixeldq });
  if (ramp.meta.exposure.zero_frame && ramp.hasArray("zeroframe")) {
    const zero = ndarray("float32", [frames, ...placement.to]);
    zero.data.fill(Number.NaN);
    collate({ source: ramp.zeroframe.flat(), target: zero.data, ...axes, groups: 1, merge: true });
    out.zeroframe = zero;
  }
  out.update(ramp);
  splitTimes(ramp, out, stripes);
  describeFrames(out, placement, stripes);
  if (placement.repeats > 1) out.meta.exposure.read_times = readTimes(ramp.meta);
  return out;
}

const TIMES = ["int_start_MJD_UTC", "int_end_MJD_UTC", "int_start_BJD_TDB", "int_end_BJD_TDB"] as const;

/** INT_TIMES of the frames, from the first to the last stripe of each; those of the stripes go to a table of their own. */
function splitTimes(ramp: Ramp, out: RampModel, stripes: number): void {
  if (!ramp.hasTable("int_times") || ramp.int_times === undefined || ramp.int_times.nrows === 0) return;
  const table: Table = ramp.int_times;
  const rows = table.nrows;
  const first = Math.ceil((ramp.meta.exposure.integration_start ?? 1) / stripes);
  const numbers = (name: string): number[] => Array.from(table.numbers(name) as ArrayLike<number | bigint>, Number);
  const float = (values: number[]): Float64Array => Float64Array.from(values);
  out.int_times_stripe = tableFrom({
    integration_number: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / stripes) + first),
    stripe_number: Int32Array.from({ length: rows }, (_, i) => (i % stripes) + 1),
    int_start_MJD_UTC: float(numbers("int_start_MJD_UTC")),
    int_mid_MJD_UTC: float(numbers("int_mid_MJD_UTC")),
    int_end_MJD_UTC: float(numbers("int_end_MJD_UTC")),
    int_start_BJD_TDB: float(numbers("int_start_BJD_TDB")),
    int_mid_BJD_TDB: float(numbers("int_mid_BJD_TDB")),
    int_end_BJD_TDB: float(numbers("int_end_BJD_TDB")),
  });
  const n = Math.floor(rows / stripes);
  const [startUtc, endUtc, startTdb, endTdb] = TIMES.map((name, k) => {
    const all = numbers(name);
    return Array.from({ length: n }, (_, i) => all[k % 2 === 0 ? i * stripes : (i + 1) * stripes - 1]);
  });
  const middle = (a: number[], b: number[]): Float64Array => Float64Array.from(a, (v, i) => (b[i] - v) / 2 + v);
  out.int_times = tableFrom({
    integration_number: Int32Array.from({ length: n }, (_, i) => i + first),
    int_start_MJD_UTC: float(startUtc),
    int_mid_MJD_UTC: middle(startUtc, endUtc),
    int_end_MJD_UTC: float(endUtc),
    int_start_BJD_TDB: float(startTdb),
    int_mid_BJD_TDB: middle(startTdb, endTdb),
    int_end_BJD_TDB: float(endTdb),
  });
}

const STRIPE_KEYWORDS = [
  "multistripe_reads1",
  "multistripe_reads2",
  "multistripe_skips1",
  "multistripe_skips2",
  "repeat_stripe",
  "interleave_reads1",
  "num_superstripe",
  "superstripe_step",
];

/** Metadata of the frames in place of that of the stripes. */
function describeFrames(out: RampModel, placement: StripePlacement, stripes: number): void {
  const { exposure, subarray } = out.meta;
  const nints = exposure.nints ?? out.data.shape[0] * stripes;
  const start = exposure.integration_start ?? 1;
  const end = exposure.integration_end ?? nints;
  exposure.integration_start = Math.ceil(start / stripes);
  exposure.integration_end = Math.ceil(end / stripes);
  exposure.nints = Math.ceil(nints / stripes);
  exposure.ngroups = out.data.shape[1];
  for (const name of STRIPE_KEYWORDS) out.delete(`meta.subarray.${name}`);
  [subarray.ysize, subarray.xsize] = placement.to;
  if (Math.abs(subarray.slowaxis ?? 2) === 1) subarray.xstart = placement.start;
  else subarray.ystart = placement.start;
}

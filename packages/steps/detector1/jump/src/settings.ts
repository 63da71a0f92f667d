import { ValidationError } from "@calwebb/errors";
import type { ParamsOf } from "@calwebb/stpipe";
import type { DetectionSettings, ShowerSettings, SnowballSettings } from "./kernel.js";
import type { JumpStep } from "./step.js";

type Params = ParamsOf<typeof JumpStep>;

/** Amplitude limit of showers that the reference implementation uses whatever the parameter says [per second]. */
const SHOWER_AMPLITUDE = 6;

/** Whole number of groups in a time, as floor division of floats gives it. */
export function groupsIn(time: number, groupTime: number): number {
  if (groupTime === 0) throw new ValidationError("TGROUP is 0; a positive group time is needed", { where: "TGROUP" });
  const rest = time % groupTime;
  let n = (time - rest) / groupTime;
  if (rest !== 0 && groupTime < 0 !== rest < 0) n -= 1;
  const low = Math.floor(n);
  return n - low > 0.5 ? low + 1 : low;
}

export function detectionSettings(p: Params, nframes: number, groupTime: number): DetectionSettings {
  return {
    threshold: p.rejection_threshold,
    thresholdThree: p.four_group_rejection_threshold,
    thresholdTwo: p.three_group_rejection_threshold,
    nframes,
    singlePassFrom: p.min_diffs_single_pass,
    clipFrom: p.minimum_sigclip_groups,
    clipOverIntegrations: p.only_use_ints,
    neighbours: p.flag_4_neighbors ? { min: p.min_jump_to_flag_neighbors, max: p.max_jump_to_flag_neighbors } : null,
    after: {
      dn1: p.after_jump_flag_dn1,
      groups1: groupsIn(p.after_jump_flag_time1, groupTime),
      dn2: p.after_jump_flag_dn2,
      groups2: groupsIn(p.after_jump_flag_time2, groupTime),
    },
  };
}

export function snowballSettings(p: Params, groupTime: number): SnowballSettings {
  return {
    minSaturatedArea: p.min_sat_area,
    minJumpArea: p.min_jump_area,
    expandFactor: p.expand_factor,
    needSaturation: p.sat_required_snowball,
    minCoreAxis: p.min_sat_radius_extend,
    coreGrowth: p.sat_expand * 2,
    edge: p.edge_size,
    maxWidth: p.max_extended_radius * 2,
    nextGroups: p.mask_snowball_core_next_int ? groupsIn(p.snowball_time_masked_next_int, groupTime) : 0,
  };
}

export function showerSettings(p: Params, nframes: number, groupTime: number): ShowerSettings {
  return {
    snr: p.extend_snr_threshold,
    minArea: p.extend_min_area,
    innerRadius: p.extend_inner_radius,
    width: p.extend_outer_radius,
    expandRatio: p.extend_ellipse_expand_ratio,
    maxWidth: p.max_extended_radius * 2,
    groupsAfter: groupsIn(p.time_masked_after_shower, groupTime),
    maxAmplitude: SHOWER_AMPLITUDE * groupTime,
    clipFrom: p.minimum_sigclip_groups,
    nframes,
  };
}

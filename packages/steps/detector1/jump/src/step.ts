import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  integer,
  type Param,
  ref,
  type Step,
  string,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type JumpSpecs = {
  rejection_threshold: Param<number>;
  three_group_rejection_threshold: Param<number>;
  four_group_rejection_threshold: Param<number>;
  maximum_cores: Param<string>;
  flag_4_neighbors: Param<boolean>;
  max_jump_to_flag_neighbors: Param<number>;
  min_jump_to_flag_neighbors: Param<number>;
  after_jump_flag_dn1: Param<number>;
  after_jump_flag_time1: Param<number>;
  after_jump_flag_dn2: Param<number>;
  after_jump_flag_time2: Param<number>;
  expand_large_events: Param<boolean>;
  min_sat_area: Param<number>;
  min_jump_area: Param<number>;
  expand_factor: Param<number>;
  use_ellipses: Param<boolean>;
  sat_required_snowball: Param<boolean>;
  min_sat_radius_extend: Param<number>;
  sat_expand: Param<number>;
  edge_size: Param<number>;
  mask_snowball_core_next_int: Param<boolean>;
  snowball_time_masked_next_int: Param<number>;
  find_showers: Param<boolean>;
  max_shower_amplitude: Param<number>;
  extend_snr_threshold: Param<number>;
  extend_min_area: Param<number>;
  extend_inner_radius: Param<number>;
  extend_outer_radius: Param<number>;
  extend_ellipse_expand_ratio: Param<number>;
  time_masked_after_shower: Param<number>;
  min_diffs_single_pass: Param<number>;
  max_extended_radius: Param<number>;
  minimum_groups: Param<number>;
  minimum_sigclip_groups: Param<number>;
  only_use_ints: Param<boolean>;
};

/** Detection of cosmic rays in ramps. Importing this loads no numeric code. */
export const JumpStep: Step<DeclaredTypes<"RampModel", "RampModel", JumpSpecs, readonly ["gain", "readnoise"]>> =
  defineStep({
    alias: "jump",
    className: "JumpStep",
    classPath: "jwst.jump.JumpStep",
    description: "Flag jumps of cosmic rays in ramps.",
    input: "RampModel",
    output: "RampModel",
    gate: (ramp) => {
      const ngroups = ramp.shape?.[1] ?? 0;
      return ngroups <= 2 ? `jumps cannot be found in ramps of ${ngroups} groups` : undefined;
    },
    parameters: {
      rejection_threshold: float({ default: 4, min: 0, help: "Jumps are above this many sigma" }),
      three_group_rejection_threshold: float({
        default: 6,
        min: 0,
        help: "The same for ramps of three usable groups (two differences)",
      }),
      four_group_rejection_threshold: float({
        default: 5,
        min: 0,
        help: "The same for ramps of four usable groups (three differences)",
      }),
      maximum_cores: string({
        default: "1",
        help: "Workers to use: a number, none, quarter, half or all; the result is the same",
      }),
      flag_4_neighbors: boolean({ default: true, help: "Also flag the four neighbours of a jump" }),
      max_jump_to_flag_neighbors: float({ default: 1000, help: "Largest jump that flags its neighbours [sigma]" }),
      min_jump_to_flag_neighbors: float({ default: 10, help: "Smallest jump that flags its neighbours [sigma]" }),
      after_jump_flag_dn1: float({ default: 0, help: "First limit above which a jump flags later groups [DN]" }),
      after_jump_flag_time1: float({ default: 0, help: "Time that is flagged after jumps above the first limit [s]" }),
      after_jump_flag_dn2: float({ default: 0, help: "Second limit above which a jump flags later groups [DN]" }),
      after_jump_flag_time2: float({ default: 0, help: "Time that is flagged after jumps above the second limit [s]" }),
      expand_large_events: boolean({ default: false, help: "Find snowballs and grow them (near infrared)" }),
      min_sat_area: float({ default: 1, help: "Smallest saturated core of a snowball [pixels]" }),
      min_jump_area: float({ default: 5, help: "Smallest region of jumps that can be a snowball [pixels]" }),
      expand_factor: float({ default: 2, help: "Factor by which snowballs grow" }),
      use_ellipses: boolean({
        default: false,
        help: "Without effect, kept for old parameter files: events are ellipses",
      }),
      sat_required_snowball: boolean({ default: true, help: "A snowball must have a saturated core" }),
      min_sat_radius_extend: float({ default: 2.5, help: "Saturated cores wider than this grow [pixels]" }),
      sat_expand: integer({ default: 2, help: "Growth of the radius of saturated cores [pixels]" }),
      edge_size: integer({ default: 25, help: "Width of the edge in which a snowball needs no core [pixels]" }),
      mask_snowball_core_next_int: boolean({ default: true, help: "Flag cores in the next integration too" }),
      snowball_time_masked_next_int: integer({
        default: 4000,
        help: "Time for which cores are flagged in the next integration [s]",
      }),
      find_showers: boolean({ default: false, help: "Find showers (MIRI)" }),
      max_shower_amplitude: float({
        default: 4,
        help: "Largest amplitude of a shower [DN/s]; without effect, as in the reference implementation, which always takes 6",
      }),
      extend_snr_threshold: float({ default: 1.2, help: "Smoothed signal to noise ratio of a shower" }),
      extend_min_area: integer({ default: 90, help: "Smallest area of a shower [pixels]" }),
      extend_inner_radius: float({ default: 1, help: "Inner radius of the smoothing ring [pixels]" }),
      extend_outer_radius: float({ default: 2.6, help: "Width of the smoothing ring [pixels]" }),
      extend_ellipse_expand_ratio: float({ default: 1.1, help: "Factor by which showers grow" }),
      time_masked_after_shower: float({ default: 15, help: "Time that is flagged after a shower [s]" }),
      min_diffs_single_pass: integer({
        default: 10,
        help: "From this many differences on, all jumps of a ramp are found in one pass",
      }),
      max_extended_radius: integer({ default: 200, help: "Largest radius of a grown snowball or shower [pixels]" }),
      minimum_groups: integer({
        default: 3,
        help: "Fewest usable groups; without effect, as in the reference implementation, which needs 3 on one core",
      }),
      minimum_sigclip_groups: integer({
        default: 100,
        help: "From this many integrations (or groups) on, outliers are found by sigma clipping",
      }),
      only_use_ints: boolean({
        default: true,
        help: "Clip each group over the integrations; false: all groups of a pixel together",
      }),
    },
    references: [ref("gain", { kept: true }), ref("readnoise", { kept: true })],
    load: () => import("./process.js"),
  });

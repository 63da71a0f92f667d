/** How the two-point difference method runs. */
export interface DetectionSettings {
  /** Thresholds [sigma] for ramps with 4 or more, 3 and 2 usable differences. */
  threshold: number;
  thresholdThree: number;
  thresholdTwo: number;
  /** Frames averaged into one group. */
  nframes: number;
  /** Differences from which all jumps of a ramp are found in one pass. */
  singlePassFrom: number;
  /** Integrations (or groups) from which sigma clipping replaces the two-point method. */
  clipFrom: number;
  /** Clip each group over the integrations; false: all differences of a pixel together. */
  clipOverIntegrations: boolean;
  neighbours: NeighbourSettings | null;
  after: AfterSettings | null;
}

/** Jumps between these limits [sigma] also flag the four neighbours. */
export interface NeighbourSettings {
  min: number;
  max: number;
}

/** Jumps of at least this size [DN] also flag the following groups. */
export interface AfterSettings {
  dn1: number;
  groups1: number;
  dn2: number;
  groups2: number;
}

/** How snowballs are found and grown; lengths in pixels. */
export interface SnowballSettings {
  minSaturatedArea: number;
  minJumpArea: number;
  expandFactor: number;
  needSaturation: boolean;
  /** Saturated cores with a minor axis above this grow. */
  minCoreAxis: number;
  /** Added to the full axes of saturated cores. */
  coreGrowth: number;
  edge: number;
  /** Largest full axis of a grown ellipse. */
  maxWidth: number;
  /** Groups at the start of the next integration in which cores stay flagged; 0: none. */
  nextGroups: number;
}

/** How showers are found and grown. */
export interface ShowerSettings {
  /** Smoothed signal to noise ratio of a shower's pixels. */
  snr: number;
  minArea: number;
  /** Inner radius and width of the smoothing ring [pixels]. */
  innerRadius: number;
  width: number;
  expandRatio: number;
  maxWidth: number;
  groupsAfter: number;
  /** Largest change of the mean difference that a shower may make [e-/group]. */
  maxAmplitude: number;
  clipFrom: number;
  nframes: number;
}

/** A stack of ramps: arrays row-major, (nints, ngroups, nrows, ncols). */
export interface JumpRamp {
  /** Counts [DN]; not modified. */
  data: Float32Array;
  /** Modified in place. */
  groupdq: Uint8Array;
  nints: number;
  ngroups: number;
  nrows: number;
  ncols: number;
  /** Pixels [start, end) whose jumps are counted; all when not given. Flags do not depend on it. */
  counted?: readonly [number, number] | undefined;
}

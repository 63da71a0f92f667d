/** A stack of ramps and the planes that a fit needs; arrays are row-major and none is modified. */
export interface RampData {
  nints: number;
  ngroups: number;
  nrows: number;
  ncols: number;
  /** Counts [DN], (nints, ngroups, nrows, ncols). */
  data: Float32Array;
  /** Group flags, same shape as `data`. */
  groupdq: Uint8Array;
  /** Pixel flags, (nrows, ncols). */
  pixeldq: Uint32Array;
  /** Average dark current [DN/s], (nrows, ncols); adds to the Poisson variance. */
  averageDark?: Float32Array | undefined;
  /** First frame of each integration [DN], (nints, nrows, ncols); 0 where it is not usable. */
  zeroframe?: Float32Array | undefined;
}

/** How the groups were sampled. */
export interface RampTiming {
  /** Time of one frame [s]. */
  frameTime: number;
  /** Time from group to group [s]. */
  groupTime: number;
  /** Frames averaged into one group. */
  nframes: number;
  /** Frames dropped between groups. */
  groupgap: number;
  /** Frames dropped before the first group. */
  dropFrames1?: number | undefined;
}

/** Groups that take part in a fit: [first, end). */
export interface GroupRange {
  first: number;
  end: number;
}

/** Results of a fit, one value per pixel (and integration). */
export interface FitPlanes {
  /** Count rate [DN/s]; NaN where nothing could be fitted. */
  slope: Float32Array;
  dq: Uint32Array;
  /** Variance of the rate due to photon noise [(DN/s)^2]. */
  varPoisson: Float32Array;
  /** Variance of the rate due to read noise [(DN/s)^2]. */
  varRnoise: Float32Array;
  /** Standard deviation of the rate [DN/s]. */
  err: Float32Array;
}

/** Results for every segment of every ramp, (nints, nsegments, nrows, ncols) unless said otherwise; 0 where there is none. */
export interface SegmentPlanes {
  nsegments: number;
  ncrs: number;
  slope: Float32Array;
  sigslope: Float32Array;
  varPoisson: Float32Array;
  varRnoise: Float32Array;
  yint: Float32Array;
  sigyint: Float32Array;
  weights: Float32Array;
  /** Integration slopes extrapolated to time 0 [DN], (nints, nrows, ncols). */
  pedestal: Float32Array;
  /** Steps at the groups flagged as jumps [DN], (nints, ncrs, nrows, ncols). */
  crmag: Float32Array;
}

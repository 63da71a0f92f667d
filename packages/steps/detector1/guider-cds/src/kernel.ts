/** Arrays of a guider exposure, row-major. */
export interface CdsArgs {
  /** [nints][ngroups][npix], DN */
  data: Float32Array;
  nints: number;
  ngroups: number;
  npix: number;
  /** [npix], electrons per DN */
  gain: Float32Array;
  /** [npix], DN */
  readnoise: Float32Array;
  /** Seconds */
  groupTime: number;
}

/** Count rates of a guider exposure. */
export interface CdsResult {
  /** Planes in `data` and `err`. */
  planes: number;
  /** [planes][npix], DN/s */
  data: Float32Array;
  /** [planes][npix], DN/s */
  err: Float32Array;
}

const f = Math.fround;

/** sqrt(readnoise variance + Poisson variance) of one plane of differences [DN], float32 throughout. */
function errors(a: CdsArgs, diff: Float32Array, out: Float32Array): void {
  const t = f(a.groupTime);
  for (let p = 0; p < a.npix; p++) {
    const r = f(a.readnoise[p] / t);
    let poisson = f(diff[p] / f(a.gain[p] * t));
    if (poisson < 0) poisson = 0;
    out[p] = Math.sqrt(f(f(2 * f(r * r)) + poisson));
  }
}

function finish(a: CdsArgs, planes: number, diff: Float32Array): CdsResult {
  const t = f(a.groupTime);
  const err = new Float32Array(diff.length);
  for (let i = 0; i < planes; i++) {
    const part = diff.subarray(i * a.npix, (i + 1) * a.npix);
    errors(a, part, err.subarray(i * a.npix, (i + 1) * a.npix));
    for (let p = 0; p < part.length; p++) part[p] /= t;
  }
  return { planes, data: diff, err };
}

/**
 * Acquisition and tracking: (group 2 - group 1) / group time, per integration.
 * @throws {RangeError} for fewer than 2 groups
 */
export function differenceRate(a: CdsArgs): CdsResult {
  if (a.ngroups < 2) throw new RangeError(`a difference needs 2 groups, the exposure has ${a.ngroups}`);
  const diff = new Float32Array(a.nints * a.npix);
  for (let i = 0; i < a.nints; i++) {
    const at = i * a.ngroups * a.npix;
    for (let p = 0; p < a.npix; p++) diff[i * a.npix + p] = a.data[at + a.npix + p] - a.data[at + p];
  }
  return finish(a, a.nints, diff);
}

/**
 * Identification: the smaller of the two integrations' differences at each pixel, which removes cosmic rays; one plane.
 * NaN in either gives NaN.
 * @throws {RangeError} for fewer than 2 integrations or 2 groups
 */
export function minimumRate(a: CdsArgs): CdsResult {
  if (a.nints < 2 || a.ngroups < 2)
    throw new RangeError(`identification needs 2 integrations of 2 groups, got ${a.nints} of ${a.ngroups}`);
  const diff = new Float32Array(a.npix);
  const second = a.ngroups * a.npix;
  for (let p = 0; p < a.npix; p++) {
    const d0 = f(a.data[a.npix + p] - a.data[p]);
    const d1 = f(a.data[second + a.npix + p] - a.data[second + p]);
    diff[p] = Number.isNaN(d0) || Number.isNaN(d1) ? Number.NaN : Math.min(d0, d1);
  }
  return finish(a, 1, diff);
}

/** Mean over up to four groups from `at`, float32. */
function mean(data: Float32Array, at: number, npix: number, n: number): number {
  let s = data[at];
  for (let g = 1; g < n; g++) s = f(s + data[at + g * npix]);
  return f(s / n);
}

/** Fine guiding: (mean of the last four groups - mean of the first four) / group time, per integration. */
export function fineGuideRate(a: CdsArgs): CdsResult {
  const diff = new Float32Array(a.nints * a.npix);
  const n = Math.min(4, a.ngroups);
  for (let i = 0; i < a.nints; i++) {
    const first = i * a.ngroups * a.npix;
    const last = first + (a.ngroups - n) * a.npix;
    for (let p = 0; p < a.npix; p++)
      diff[i * a.npix + p] = f(mean(a.data, last + p, a.npix, n) - mean(a.data, first + p, a.npix, n));
  }
  return finish(a, a.nints, diff);
}

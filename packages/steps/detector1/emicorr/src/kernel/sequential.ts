import { extraRowclocks, type RampShape, type Timing } from "./joint.js";
import { clippedMean, median } from "./select.js";

const f = Math.fround;

/**
 * Remove the source, the sky and the fixed pattern from one integration and average the four interleaved channels: what is
 * left is noise and interference.
 * @param data - one integration [ngroups][ny][nx], DN; not modified
 * @param out - [ngroups][ny][nx / 4]
 */
export function cleanIntegration(data: Float32Array, shape: RampShape, out: Float64Array): void {
  const { ngroups, ny, nx } = shape;
  const npix = ny * nx;
  const flat = new Float32Array(data.length);
  const values = new Float32Array(Math.max(1, ngroups - 2));
  for (let p = 0; p < npix; p++) {
    const slope = innerSlope(data, ngroups, npix, p);
    for (let g = 0; g < ngroups; g++) flat[g * npix + p] = data[g * npix + p] - slope * g;
    const bias = pattern(flat, ngroups, npix, p, values);
    for (let g = 0; g < ngroups; g++) flat[g * npix + p] -= bias;
  }
  const quads = Math.floor(nx / 4);
  const frame = new Float32Array(ny * quads);
  for (let g = 0; g < ngroups; g++) {
    averageChannels(flat, g * npix, ny, nx, quads, frame);
    const middle = median(frame.slice());
    for (let i = 0; i < frame.length; i++) out[g * frame.length + i] = f(frame[i] - middle);
  }
}

/** Slope per group of a least squares line through all groups but the first and the last, double precision. */
function innerSlope(data: Float32Array, ngroups: number, npix: number, p: number): number {
  const n = ngroups - 2;
  let sxy = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  for (let g = 0; g < n; g++) {
    const v = data[(g + 1) * npix + p];
    sxy += g * v;
    sx += g;
    sy += v;
    sxx += g * g;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

/** Median over the inner groups without NaN, the minimum when there are one or two of them. */
function pattern(data: Float32Array, ngroups: number, npix: number, p: number, values: Float32Array): number {
  let n = 0;
  for (let g = 1; g < ngroups - 1; g++) {
    const v = data[g * npix + p];
    if (!Number.isNaN(v)) values[n++] = v;
  }
  if (ngroups - 2 > 2) return median(values, n);
  let least = Number.NaN;
  for (let i = 0; i < n; i++) if (!(values[i] >= least)) least = values[i];
  return least;
}

function averageChannels(
  data: Float32Array,
  at: number,
  ny: number,
  nx: number,
  quads: number,
  out: Float32Array,
): void {
  for (let y = 0; y < ny; y++) {
    const row = at + y * nx;
    const to = y * quads;
    for (let k = 0; k < quads; k++) {
      const p = row + 4 * k;
      out[to + k] = f(f(f(data[p] + data[p + 1]) + data[p + 2]) + data[p + 3]) / 4;
    }
    // The second and third column of each channel are bad reference pixels.
    if (quads > 3) {
      out[to + 1] = f(out[to] + out[to + 3]) / 2;
      out[to + 2] = f(out[to] + out[to + 3]) / 2;
    }
  }
}

/** Phase of every averaged pixel of one integration, in [0, 1). */
export class PhaseClock {
  private start = 0;
  private readonly shape: RampShape;
  private readonly timing: Timing;
  /** Whether the last pixel of a row is a reference pixel, which is sampled later. */
  private readonly late: boolean;

  constructor(shape: RampShape, timing: Timing, late: boolean) {
    this.shape = shape;
    this.timing = timing;
    this.late = late;
  }

  /**
   * Phases of the next integration into `out` [ngroups][ny][nx / 4], then move the clock past it.
   * The late reference pixel is delayed by 3 samples plus 2^32, as in the reference implementation.
   */
  next(out: Float64Array): void {
    const { ngroups, ny, nx } = this.shape;
    const { nsamples, rowclocks, frameclocks, period } = this.timing;
    const quads = Math.floor(nx / 4);
    let to = 0;
    for (let g = 0; g < ngroups; g++) {
      for (let y = 0; y < ny; y++) {
        for (let k = 0; k < quads; k++) {
          let time = Math.floor(k * nsamples + this.start);
          if (this.late && k === quads - 1) time += 3 + 2 ** 32;
          const turns = time / period;
          out[to++] = turns - Math.floor(turns);
        }
        this.start += rowclocks;
      }
      this.start += extraRowclocks(ny);
    }
    this.start += frameclocks;
  }
}

/**
 * The waveform in the data: clipped mean of the cleaned pixels in `nbins` bins of phase, minus its median. A phase of
 * exactly 0 is in no bin.
 */
export function phasedWave(phase: Float64Array, values: Float64Array, nbins: number): Float64Array {
  const bins = new Int32Array(phase.length);
  const counts = new Int32Array(nbins + 1);
  for (let i = 0; i < phase.length; i++) {
    let b = Math.ceil(phase[i] * nbins) - 1;
    if (b >= 0 && phase[i] <= b / nbins) b--;
    else if (b + 1 < nbins && phase[i] > (b + 1) / nbins) b++;
    bins[i] = b;
    if (b >= 0) counts[b]++;
  }
  const starts = new Int32Array(nbins + 1);
  for (let b = 0; b < nbins; b++) starts[b + 1] = starts[b] + counts[b];
  const sorted = new Float64Array(starts[nbins]);
  const fill = starts.slice();
  for (let i = 0; i < phase.length; i++) if (bins[i] >= 0) sorted[fill[bins[i]]++] = values[i];
  const wave = new Float64Array(nbins);
  for (let b = 0; b < nbins; b++) wave[b] = clippedMean(sorted.subarray(starts[b], starts[b + 1]), counts[b]);
  const middle = median(wave.slice());
  for (let b = 0; b < nbins; b++) wave[b] -= middle;
  return wave;
}

/** Nearest-neighbour resampling to `size` points (size may be fractional: the result has ceil(size) points). */
export function resample(wave: Float64Array, size: number): Float64Array {
  const step = wave.length / size;
  const out = new Float64Array(Math.ceil(wave.length / step));
  for (let i = 0; i < out.length; i++) out[i] = wave[Math.min(wave.length - 1, Math.trunc(i * step))];
  return out;
}

/** `wave` moved to the right by `by` points, around the end. */
export function roll(wave: Float64Array, by: number): Float64Array {
  const out = new Float64Array(wave.length);
  for (let i = 0; i < wave.length; i++) out[(i + by) % wave.length] = wave[i];
  return out;
}

/** Shift of `reference` that correlates best with `wave`; both have the same length. */
export function bestShift(reference: Float64Array, wave: Float64Array): number {
  const n = reference.length;
  let meanR = 0;
  let meanW = 0;
  for (let i = 0; i < n; i++) {
    meanR += reference[i] / n;
    meanW += wave[i] / n;
  }
  let best = 0;
  let highest = -Infinity;
  for (let shift = 0; shift < n; shift++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (reference[i] - meanR) * (wave[(i + shift) % n] - meanW);
    if (sum > highest) {
      highest = sum;
      best = shift;
    }
  }
  return best;
}

/** Slope of the least squares line y(x). */
export function lineSlope(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  let mx = 0;
  let my = 0;
  for (let i = 0; i < n; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  let xy = 0;
  let xx = 0;
  for (let i = 0; i < n; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
  }
  return xy / xx;
}

/**
 * The noise as a look-up table with one entry per clock tick of the period: the measured wave, or the reference wave shifted
 * to it and, with `scale`, given its amplitude.
 */
export function lookupTable(
  wave: Float64Array,
  reference: Float64Array | null,
  period: number,
  scale: boolean,
): Float64Array {
  const own = resample(wave, period);
  if (reference === null) return own;
  const shift = bestShift(reference, resample(wave, reference.length));
  const table = resample(roll(reference, shift), period);
  if (scale) {
    const factor = lineSlope(table, own);
    for (let i = 0; i < table.length; i++) table[i] *= factor;
  }
  return table;
}

/** Subtract the table's value at the phase of every pixel from one integration [ngroups][ny][nx], in place. */
export function subtractTable(
  data: Float32Array,
  phase: Float64Array,
  table: Float64Array,
  shape: RampShape,
  period: number,
): void {
  const quads = Math.floor(shape.nx / 4);
  const rows = shape.ngroups * shape.ny;
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < quads; k++) {
      const v = table[Math.trunc(phase[r * quads + k] * period)];
      if (!Number.isFinite(v)) continue;
      const at = r * shape.nx + 4 * k;
      for (let p = at; p < at + 4; p++) data[p] -= v;
    }
}

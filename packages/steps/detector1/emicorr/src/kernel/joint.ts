import { median } from "./select.js";
import { evaluateSpline, fraction, type Spline } from "./spline.js";

/** Timing of a readout, in units of the 10 microsecond pixel clock. */
export interface Timing {
  /** Samples of each pixel in a group: 1 fast, 9 slow. */
  nsamples: number;
  /** From the start of one row to the next. */
  rowclocks: number;
  /** Extra frame between integrations, 0 without a reset frame. */
  frameclocks: number;
  /** Period of the interference. */
  period: number;
}

/** Shape of a ramp. */
export interface RampShape {
  nints: number;
  ngroups: number;
  ny: number;
  nx: number;
}

/** Clock ticks of a subarray frame outside its rows; 0 for the full frame. */
export function extraRowclocks(ny: number): number {
  return (1024 - ny) * 7;
}

/** Phase step from group to group, in [0, 1), and from integration to integration. */
export function phaseSteps(shape: RampShape, t: Timing): { group: number; integration: number } {
  const frame = shape.ny * t.rowclocks + extraRowclocks(shape.ny);
  const group = fraction(frame / t.period);
  return { group, integration: group * shape.ngroups + t.frameclocks / t.period };
}

/** Standard deviation over the groups of every pixel of every integration, float32; [nints][npix]. */
export function groupScatter(data: Float32Array, shape: RampShape): Float32Array {
  const { nints, ngroups } = shape;
  const npix = shape.ny * shape.nx;
  const f = Math.fround;
  const out = new Float32Array(nints * npix);
  for (let i = 0; i < nints; i++) {
    const base = i * ngroups * npix;
    for (let p = 0; p < npix; p++) {
      let sum = data[base + p];
      for (let g = 1; g < ngroups; g++) sum = f(sum + data[base + g * npix + p]);
      const mean = f(sum / ngroups);
      let square = 0;
      for (let g = 0; g < ngroups; g++) {
        const d = f(data[base + g * npix + p] - mean);
        square = f(square + f(d * d));
      }
      out[i * npix + p] = Math.sqrt(f(square / ngroups));
    }
  }
  return out;
}

/** Values of quiet pixels summed by the phase of the pixel in the first group. */
export interface PhaseSums {
  nphases: number;
  /** [nints][nphases][ngroups] */
  y: Float64Array;
  /** Number of pixels in the sums; [nints][nphases]. */
  n: Float64Array;
}

/**
 * Sum the values of pixels whose scatter is below twice the median and whose PIXELDQ is 0, by phase. The second and third
 * column of each of the four interleaved channels are bad reference pixels and left out.
 * @param data - [nints][ngroups][ny][nx], DN; `pixeldq` [ny][nx]
 */
export function sumByPhase(
  data: Float32Array,
  pixeldq: Uint32Array,
  shape: RampShape,
  t: Timing,
  nphases: number,
): PhaseSums {
  const { nints, ngroups, ny, nx } = shape;
  const npix = ny * nx;
  const scatter = groupScatter(data, shape);
  const limit = Math.fround(2 * median(scatter.slice()));
  const y = new Float64Array(nints * nphases * ngroups);
  const n = new Float64Array(nints * nphases);
  const quads = Math.floor(nx / 4);
  for (let i = 0; i < nints; i++)
    for (let row = 0; row < ny; row++)
      for (let k = 0; k < quads; k++) {
        if (k === 1 || k === 2) continue;
        const bin = Math.floor(fraction((row * t.rowclocks + k * t.nsamples) / t.period) * nphases);
        const to = (i * nphases + bin) * ngroups;
        for (let l = 0; l < 4; l++) {
          const p = row * nx + 4 * k + l;
          if (!(scatter[i * npix + p] < limit) || pixeldq[p] !== 0) continue;
          n[i * nphases + bin]++;
          const from = i * ngroups * npix + p;
          for (let g = 0; g < ngroups; g++) y[to + g] += data[from + g * npix];
        }
      }
  return { nphases, y, n };
}

/** Moments of the waveform at a trial phase, per pixel phase: sums over groups of z, group * z and z^2. */
interface Moments {
  z: Float64Array;
  tz: Float64Array;
  zz: Float64Array;
}

/** The waveform of every pixel phase and group, [nphases][ngroups], when the first pixel is at `phase`. */
function waveformAt(
  wave: Spline,
  phase: number,
  nphases: number,
  ngroups: number,
  step: number,
  z: Float64Array,
): void {
  for (let b = 0; b < nphases; b++)
    for (let g = 0; g < ngroups; g++)
      z[b * ngroups + g] = evaluateSpline(wave, fraction(fraction((b + 0.5) / nphases + g * step) + phase));
}

function momentsOf(z: Float64Array, nphases: number, ngroups: number): Moments {
  const m = { z: new Float64Array(nphases), tz: new Float64Array(nphases), zz: new Float64Array(nphases) };
  for (let b = 0; b < nphases; b++)
    for (let g = 0; g < ngroups; g++) {
      const v = z[b * ngroups + g];
      m.z[b] += v;
      m.tz[b] += g * v;
      m.zz[b] += v * v;
    }
  return m;
}

function dot(z: Float64Array, y: Float64Array, at: number): number {
  let sum = 0;
  for (let j = 0; j < z.length; j++) sum += z[j] * y[at + j];
  return sum;
}

/**
 * Chi squared of straight ramps plus the waveform, as a function of its phase. For fixed phase the best amplitude is the
 * vertex of a parabola a c^2 + b c; all sums over pixels of equal phase are done once, for `trials` phases.
 */
export class PhaseFit {
  private readonly moments: Moments[] = [];
  /** [trial][nints] sum of waveform times data. */
  private readonly cross: Float64Array;
  private readonly sy: Float64Array;
  private readonly sty: Float64Array;
  private readonly sums: PhaseSums;
  private readonly shape: RampShape;
  private readonly steps: { group: number; integration: number };
  readonly trials: number;

  constructor(
    sums: PhaseSums,
    wave: Spline,
    shape: RampShape,
    steps: { group: number; integration: number },
    trials: number,
  ) {
    this.sums = sums;
    this.shape = shape;
    this.steps = steps;
    this.trials = trials;
    const { nints, ngroups } = shape;
    const np = sums.nphases;
    this.cross = new Float64Array(trials * nints);
    this.sy = new Float64Array(nints * np);
    this.sty = new Float64Array(nints * np);
    for (let i = 0; i < nints * np; i++)
      for (let g = 0; g < ngroups; g++) {
        this.sy[i] += sums.y[i * ngroups + g];
        this.sty[i] += g * sums.y[i * ngroups + g];
      }
    const z = new Float64Array(np * ngroups);
    for (let k = 0; k < trials; k++) {
      waveformAt(wave, k / trials, np, ngroups, steps.group, z);
      this.moments.push(momentsOf(z, np, ngroups));
      for (let i = 0; i < nints; i++) this.cross[k * nints + i] = dot(z, sums.y, i * np * ngroups);
    }
  }

  /** The trial phase next at or above `phase + shift` (modulo 1). */
  private nearest(phase: number, shift: number): number {
    let best = 0;
    let least = Infinity;
    for (let k = 0; k < this.trials; k++) {
      const d = fraction(k / this.trials - phase - shift);
      if (d < least) {
        least = d;
        best = k;
      }
    }
    return best;
  }

  /**
   * Best amplitude and its chi squared (up to a constant) for one phase of the first integration, over some integrations.
   * Without any signal in the sums, chi squared is NaN and the amplitude 0.
   */
  at(phase: number, integrations: readonly number[]): { chisq: number; amplitude: number } {
    const { ngroups } = this.shape;
    const np = this.sums.nphases;
    const st = (ngroups * (ngroups - 1)) / 2;
    const stt = (st * (2 * ngroups - 1)) / 3;
    const delta = ngroups * stt - st * st;
    let a = 0;
    let b = 0;
    for (const i of integrations) {
      const k = this.nearest(phase, this.steps.integration * i);
      const m = this.moments[k];
      let ai = 0;
      let bi = 0;
      for (let j = 0; j < np; j++) {
        const z = m.z[j];
        const tz = m.tz[j];
        const at = i * np + j;
        ai += (this.sums.n[at] / delta) * (-stt * z * z + 2 * st * z * tz - ngroups * tz * tz + m.zz[j] * delta);
        bi += stt * z * this.sy[at] - st * tz * this.sy[at] - st * z * this.sty[at] + ngroups * tz * this.sty[at];
      }
      a += ai;
      b += (2 / delta) * bi - 2 * this.cross[k * this.shape.nints + i];
    }
    if (Math.abs(a) <= 1e-8 || !Number.isFinite(a) || !Number.isFinite(b)) return { chisq: Number.NaN, amplitude: 0 };
    const c = -b / (2 * a);
    return { chisq: a * c * c + b * c, amplitude: c };
  }

  /** Phase of least chi squared: the vertex of a parabola through the best trial phase and its neighbours. */
  bestPhase(integrations: readonly number[]): number {
    const chisq = new Float64Array(this.trials);
    for (let k = 0; k < this.trials; k++) chisq[k] = this.at(k / this.trials, integrations).chisq;
    return parabolaMinimum(chisq);
  }
}

/** Phase in units of turns of the least value of a periodic, equally spaced function, by a parabola through three points. */
export function parabolaMinimum(values: Float64Array): number {
  const n = values.length;
  let best = -1;
  for (let k = 0; k < n; k++) if (Number.isFinite(values[k]) && (best < 0 || values[k] < values[best])) best = k;
  if (best < 0) return 0;
  const before = values[(best + n - 1) % n];
  const after = values[(best + 1) % n];
  const curvature = before - 2 * values[best] + after;
  if (!Number.isFinite(curvature) || curvature === 0) return best / n;
  return fraction((best + (0.5 * (before - after)) / curvature) / n);
}

import { group, pixel } from "@calwebb/dqflags";
import type { FitPlanes, SegmentPlanes } from "../types.js";
import { medianInPlace } from "./median.js";
import { findSegments } from "./segments.js";
import type { OlsConstants } from "./setup.js";
import { powerIndex, type WeightTable } from "./weights.js";

const { DO_NOT_USE, SATURATED, JUMP_DET, PERSISTENCE, CHARGELOSS } = group;
const INVALID = DO_NOT_USE | SATURATED;

/** Variances from here on stand for "nothing known" and become 0. */
export const LARGE_VARIANCE = 1e6;

/**
 * Everything about one pixel while it is fitted: its ramps, flags and sums over all integrations. One object is used for
 * all pixels of a piece, so that no memory is asked for in the loop.
 */
export class PixelFit {
  /** Counts, (nints, ngroups) of the groups in use; saturated groups are NaN. */
  readonly data: Float64Array;
  readonly dq: Uint8Array;
  /** Flags before one-group suppression, for the charge loss recomputation. */
  readonly original: Uint8Array;
  gain = 0;
  noise = 0;
  dark = 0;
  pixeldq = 0;

  private readonly good: Int32Array;
  private readonly unusable: Int32Array;
  private readonly saturated: Int32Array;
  private readonly chargeloss: Uint8Array;
  private readonly loneFirst: Uint8Array;
  private readonly fromZeroframe: Uint8Array;
  private readonly intDq: Uint32Array;
  private readonly plainRead: Float64Array;
  private readonly sorted: Float64Array;
  private readonly start: Int32Array;
  private readonly end: Int32Array;
  private medianRate = 0;

  private readonly nints: number;
  private readonly ngroups: number;
  private readonly t: OlsConstants;
  private readonly weights: WeightTable;
  private readonly suppress: boolean;

  constructor(nints: number, ngroups: number, t: OlsConstants, weights: WeightTable, suppress: boolean) {
    this.nints = nints;
    this.ngroups = ngroups;
    this.t = t;
    this.weights = weights;
    this.suppress = suppress;
    this.data = new Float64Array(nints * ngroups);
    this.dq = new Uint8Array(nints * ngroups);
    this.original = new Uint8Array(nints * ngroups);
    this.good = new Int32Array(nints);
    this.unusable = new Int32Array(nints);
    this.saturated = new Int32Array(nints);
    this.chargeloss = new Uint8Array(nints);
    this.loneFirst = new Uint8Array(nints);
    this.fromZeroframe = new Uint8Array(nints);
    this.intDq = new Uint32Array(nints);
    this.plainRead = new Float64Array(nints);
    this.sorted = new Float64Array(ngroups);
    this.start = new Int32Array(ngroups);
    this.end = new Int32Array(ngroups);
  }

  /** Count flags, blank saturated groups, bring in the zero frame. `data` and `dq` must have been filled. */
  private prepare(zeroframe: Float32Array | undefined, npix: number, p: number, segments?: SegmentPlanes): number {
    const { ngroups: ng, data, dq } = this;
    let summary = this.pixeldq;
    for (let i = 0; i < this.nints; i++) {
      const base = i * ng;
      let any = 0;
      let good = 0;
      let unusable = 0;
      let saturated = 0;
      let crs = 0;
      for (let g = 0; g < ng; g++) {
        const q = dq[base + g];
        any |= q;
        if (q === 0) good++;
        if (q & INVALID) unusable++;
        if (q & SATURATED) {
          saturated++;
          data[base + g] = Number.NaN;
        }
        if (segments !== undefined && g > 0 && q & JUMP_DET && segments.ncrs > 0)
          segments.crmag[(i * segments.ncrs + crs++) * npix + p] = data[base + g] - data[base + g - 1];
      }
      this.loneFirst[i] = 0;
      this.fromZeroframe[i] = 0;
      this.chargeloss[i] = any & CHARGELOSS ? 1 : 0;
      if (!this.suppress) {
        if (good === 1 && dq[base] === 0) this.loneFirst[i] = 1;
        else if (good === 0 && zeroframe !== undefined) {
          const z = zeroframe[i * npix + p];
          if (z !== 0) {
            data[base] = z;
            dq[base] = 0;
            good = 1;
            unusable--;
            if (saturated === ng) saturated--;
            this.fromZeroframe[i] = 1;
          }
        }
      }
      this.good[i] = good;
      this.unusable[i] = unusable;
      this.saturated[i] = saturated;
      const carried = any & (JUMP_DET | PERSISTENCE);
      this.intDq[i] = this.pixeldq | carried;
      summary |= carried;
    }
    return summary;
  }

  /** Mean over the integrations of the median first difference [DN/s]: the rate that sets the photon noise. */
  private estimateRate(): number {
    const { ngroups: ng, nints, data, dq, sorted, t } = this;
    let sum = 0;
    for (let i = 0; i < nints; i++) {
      const base = i * ng;
      let rate: number;
      if (ng === 1) {
        sum += data[base] / t.oneGroupTime;
        continue;
      }
      if (this.loneFirst[i]) rate = data[base] / t.oneGroupTime;
      else if (this.fromZeroframe[i]) rate = data[base] / t.frameTime;
      else {
        let n = 0;
        for (let g = 1; g < ng; g++) {
          if (dq[base + g] & (JUMP_DET | DO_NOT_USE) || dq[base + g - 1] & DO_NOT_USE) continue;
          const d = data[base + g] / t.groupTime - data[base + g - 1] / t.groupTime;
          if (!Number.isNaN(d)) sorted[n++] = d;
        }
        if (n === 0) rate = dq[base] & DO_NOT_USE ? Number.NaN : data[base] / t.groupTime;
        else rate = medianInPlace(sorted, n);
      }
      if (!Number.isNaN(rate)) sum += rate;
    }
    return sum / nints;
  }

  /** Read noise variance of the rate of a segment. */
  private readVariance(length: number, i: number): number {
    const { gain, noise, t } = this;
    let time = t.groupTime;
    let cubic = length * length * length - length;
    if (length === 1) {
      if (this.loneFirst[i]) time = t.oneGroupTime;
      else if (this.fromZeroframe[i]) time = t.frameTime;
      cubic = 6;
    } else if (length > 2 && !(gain > 0)) return 0;
    const r = noise / time;
    return (12 * r * r) / (cubic * gain * gain);
  }

  /** Fit all integrations; results go to element `p` of the planes (of `npix` pixels each). */
  fit(
    rate: FitPlanes,
    rateints: FitPlanes,
    segments: SegmentPlanes | undefined,
    zeroframe: Float32Array | undefined,
    npix: number,
    p: number,
  ): void {
    const { nints } = this;
    if (!(this.gain > 0)) this.pixeldq = (this.pixeldq | DO_NOT_USE | pixel.NO_GAIN_VALUE) >>> 0;
    let dq = this.prepare(zeroframe, npix, p, segments);
    this.medianRate = this.estimateRate();
    let sumSlope = 0;
    let sumPoisson = 0;
    let sumRead = 0;
    let unusable = 0;
    let saturated = 0;
    let partlySaturated = false;
    for (let i = 0; i < nints; i++) {
      const at = i * npix + p;
      this.fitIntegration(i, at, rateints, segments, npix, p);
      sumSlope += this.slopeNumerator;
      sumPoisson += this.poissonSum;
      sumRead += this.readSum;
      const q = this.intDq[i];
      if (q & DO_NOT_USE) unusable++;
      if (q & SATURATED) saturated++;
      let flags = q;
      if (this.saturated[i] > 0) {
        flags |= SATURATED;
        partlySaturated = true;
      }
      rateints.dq[at] = flags;
    }
    if (unusable === nints) dq |= DO_NOT_USE;
    if (saturated === nints) dq |= SATURATED;
    let vp = sumPoisson > 0 ? 1 / sumPoisson : sumPoisson;
    if (vp >= LARGE_VARIANCE || vp < 0) vp = 0;
    let vr = sumRead > 0 ? 1 / sumRead : sumRead;
    if (vr >= LARGE_VARIANCE) vr = 0;
    let err = Math.sqrt(vp + vr);
    let slope = sumSlope;
    if (dq & INVALID) {
      slope = Number.NaN;
      vp = 0;
      vr = 0;
      err = 0;
    } else slope *= vr;
    if (partlySaturated) dq |= SATURATED;
    rate.slope[p] = slope;
    rate.dq[p] = dq;
    rate.varPoisson[p] = vp;
    rate.varRnoise[p] = vr;
    rate.err[p] = err;
  }

  private slopeNumerator = 0;
  private poissonSum = 0;
  private readSum = 0;

  private fitIntegration(
    i: number,
    at: number,
    out: FitPlanes,
    segments: SegmentPlanes | undefined,
    npix: number,
    p: number,
  ): void {
    const { ngroups: ng, dq, start, end } = this;
    const base = i * ng;
    let slopeSum = 0;
    let poissonSum = 0;
    let readSum = 0;
    let totalSum = 0;
    let slope = 0;
    let vp = 0;
    let vr = 0;
    let err = 0;
    let flags = this.intDq[i];
    const firstSaturated = (dq[base] & SATURATED) !== 0;
    const n = firstSaturated ? 0 : findSegments(dq, base, ng, start, end);
    if (firstSaturated) flags |= INVALID;
    if (this.unusable[i] === ng) {
      flags |= DO_NOT_USE;
      if (this.saturated[i] === ng) flags |= SATURATED;
    } else if (n > 0) {
      for (let s = 0; s < n; s++) {
        this.fitSegment(i, start[s], end[s] - start[s], segments, (i * (segments?.nsegments ?? 0) + s) * npix + p);
        readSum += 1 / this.segmentRead;
        if (this.segmentPoisson > 0) poissonSum += 1 / this.segmentPoisson;
        totalSum += 1 / (this.segmentPoisson + this.segmentRead);
        slopeSum += this.segmentSlope / this.segmentRead;
      }
      if (poissonSum > 0) vp = 1 / poissonSum;
      if (vp >= LARGE_VARIANCE) vp = 0;
      vr = 1 / readSum;
      if (vr >= LARGE_VARIANCE) vr = 0;
      if (flags & INVALID) {
        slope = Number.NaN;
        vp = 0;
        vr = 0;
      } else {
        slope = slopeSum * vr;
        const v = 1 / totalSum;
        err = v > LARGE_VARIANCE ? 0 : Math.sqrt(v);
      }
    }
    if (flags & DO_NOT_USE) slope = Number.NaN;
    if (segments !== undefined) {
      const pedestal = flags & SATURATED ? 0 : this.data[base] - slope * this.t.pedestalGroups;
      segments.pedestal[at] = Number.isNaN(pedestal) ? 0 : pedestal;
    }
    if (flags & SATURATED) slope = Number.NaN;
    this.intDq[i] = flags;
    this.slopeNumerator = slopeSum;
    this.poissonSum = poissonSum > 0 ? poissonSum : 0;
    this.readSum = readSum;
    this.plainRead[i] = vr;
    out.slope[at] = slope;
    out.varPoisson[at] = vp;
    out.varRnoise[at] = vr;
    out.err[at] = err;
  }

  private segmentSlope = 0;
  private segmentPoisson = 0;
  private segmentRead = 0;

  private fitSegment(i: number, first: number, length: number, out: SegmentPlanes | undefined, at: number): void {
    const { data, gain, noise, t } = this;
    const base = i * this.ngroups + first;
    const photons = (this.medianRate > 0 ? this.medianRate : 0) + this.dark;
    let time = t.groupTime;
    let slope: number;
    let sigslope = 0;
    let yint = 0;
    let sigyint = 0;
    if (length === 1) {
      if (this.loneFirst[i]) time = t.oneGroupTime;
      else if (this.fromZeroframe[i]) time = t.frameTime;
      slope = data[base] / time;
    } else if (length === 2) {
      slope = (data[base + 1] - data[base]) / time;
      sigslope = Math.SQRT2 * noise;
      sigyint = sigslope;
      yint = data[base + 1] * (1 - (first + 1)) + data[base] * (first + 1);
    } else {
      const step = data[base + length - 1] - data[base];
      const variance = noise * noise + step * gain;
      let snr = 0;
      if (!(variance <= 0 || gain === 0)) {
        const s = (step * gain) / Math.sqrt(variance);
        snr = s < 0 ? 0 : s;
      }
      const w = this.weights.get(powerIndex(snr), length);
      const ws = w.slope;
      let perGroup = 0;
      for (let g = 0; g < length; g++) {
        const d = data[base + g];
        if (!Number.isNaN(d)) perGroup += ws[g] * d;
      }
      // Infinite weights or weights of nothing leave nothing to fit.
      const sigma = noise !== 0 && Math.abs(noise) < Number.POSITIVE_INFINITY ? Math.abs(noise) : Number.NaN;
      // An infinite count stands on both sides of a difference of sums: the slope is unknown.
      if (Number.isNaN(sigma) || !Number.isFinite(perGroup)) perGroup = Number.NaN;
      slope = perGroup / time;
      time *= length - 1;
      if (out !== undefined) {
        const middle = first + (length - 1) / 2;
        let mean = 0;
        for (let g = 0; g < length; g++) {
          const d = data[base + g];
          if (!Number.isNaN(d)) mean += w.mean[g] * d;
        }
        sigslope = sigma * Math.sqrt(1 / w.sumxx);
        yint = mean - perGroup * middle;
        sigyint = sigma * Math.sqrt((w.sumxx + w.sumw * middle * middle) / (w.sumw * w.sumxx));
      }
    }
    const read = this.readVariance(length, i);
    const poisson = photons / (time * gain);
    this.segmentSlope = slope;
    this.segmentRead = read;
    this.segmentPoisson = poisson;
    if (out === undefined) return;
    out.slope[at] = slope;
    out.sigslope[at] = sigslope;
    out.varPoisson[at] = poisson;
    out.varRnoise[at] = read;
    out.yint[at] = yint;
    out.sigyint[at] = sigyint;
    out.weights[at] = 1 / read;
  }

  /**
   * Read noise variances as if groups flagged for charge loss had been used: the slope must not see them, but the noise of
   * neighbouring pixels stays comparable.
   */
  restoreReadNoise(rate: FitPlanes, rateints: FitPlanes, npix: number, p: number): void {
    const { ngroups: ng, nints, original, start, end } = this;
    let any = false;
    let sum = 0;
    for (let i = 0; i < nints; i++) {
      const at = i * npix + p;
      if (!this.chargeloss[i]) {
        const v = this.plainRead[i];
        if (v > 0) sum += 1 / v;
        continue;
      }
      any = true;
      const base = i * ng;
      for (let g = 0; g < ng; g++) if (original[base + g] & CHARGELOSS) original[base + g] ^= CHARGELOSS | DO_NOT_USE;
      const n = findSegments(original, base, ng, start, end);
      let inverse = 0;
      for (let s = 0; s < n; s++) {
        const v = this.readVariance(end[s] - start[s], i);
        if (v > 0) inverse += 1 / v;
      }
      const v = 1 / inverse;
      rateints.varRnoise[at] = v >= LARGE_VARIANCE ? 0 : v;
      sum += inverse;
    }
    if (!any) return;
    if (sum > 0) {
      const v = 1 / sum;
      rate.varRnoise[p] = v >= LARGE_VARIANCE ? 0 : v;
    }
  }
}

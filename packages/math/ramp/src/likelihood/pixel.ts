import { medianInPlace } from "../ols/median.js";
import type { Covariance } from "./covariance.js";
import { root } from "./root.js";

/** The determinant is brought back to 1 every so many groups. */
const RESCALE_EVERY = 10;

/** Chi squared that leaving out one difference, or two neighbours, must gain to count as a jump. */
export interface JumpThresholds {
  one: number;
  two: number;
}

/** 4.5 sigma for one difference, the same probability for two. */
export const DEFAULT_THRESHOLDS: JumpThresholds = { one: 20.25, two: 23.8 };

/**
 * Maximum likelihood fit of one ramp (Brandt 2024a, PASP 136, 045004, section 4) and search for jumps in it (Brandt 2024b,
 * PASP 136, 045005, section 3). The order of operations is that of the reference implementation: with few differences left
 * some quotients are 0/0 up to rounding, and what comes of them decides about flags.
 */
export class LikelihoodPixel {
  /** Differences per second [DN/s]; filled by the caller. */
  readonly diffs: Float64Array;
  /** 1 for differences in use; filled by the caller, `findJumps` clears those with jumps. */
  readonly use: Uint8Array;
  gain = 0;
  /** Read noise of one read [DN]. */
  noise = 0;

  rate = 0;
  chisq = 0;
  uncertainty = 0;
  varPoisson = 0;
  varRead = 0;

  private readonly c: Covariance;
  private readonly alpha: Float64Array;
  private readonly beta: Float64Array;
  private readonly theta: Float64Array;
  private readonly phi: Float64Array;
  private readonly bigTheta: Float64Array;
  private readonly bigPhi: Float64Array;
  private readonly thetaD: Float64Array;
  private readonly phiD: Float64Array;
  private readonly dB: Float64Array;
  private readonly dC: Float64Array;
  private readonly masked: Float64Array;
  private readonly inverse: Float64Array;
  private readonly rateOne: Float64Array;
  private readonly chisqOne: Float64Array;
  private readonly rateTwo: Float64Array;
  private readonly chisqTwo: Float64Array;
  private readonly sorted: Float64Array;
  private a = 0;
  private b = 0;
  private cc = 0;
  private scale = 1;

  constructor(c: Covariance) {
    const { n } = c;
    this.c = c;
    const row = (): Float64Array => new Float64Array(n + 1);
    this.diffs = row();
    this.use = new Uint8Array(n + 1);
    this.alpha = row();
    this.beta = row();
    this.theta = row();
    this.phi = row();
    this.bigTheta = row();
    this.bigPhi = row();
    this.thetaD = row();
    this.phiD = row();
    this.dB = row();
    this.dC = row();
    this.masked = row();
    this.inverse = row();
    this.rateOne = row();
    this.chisqOne = row();
    this.rateTwo = row();
    this.chisqTwo = row();
    this.sorted = row();
  }

  /** Elements of the covariance matrix, scaled to determinant 1. */
  private covariance(guess: number): void {
    const { alpha, beta, theta, c } = this;
    const { n } = c;
    const photons = guess / this.gain;
    const read = this.noise ** 2;
    for (let i = 0; i < n; i++) alpha[i] = photons * c.alphaPhoton[i] + read * c.alphaRead[i];
    for (let i = 0; i < n - 1; i++) beta[i] = photons * c.betaPhoton[i] + read * c.betaRead[i];
    theta[0] = 1;
    theta[1] = alpha[0];
    let scale = 1;
    for (let i = 2; i <= n; i++) {
      theta[i] = (alpha[i - 1] / scale) * theta[i - 1] - ((beta[i - 2] * beta[i - 2]) / (scale * scale)) * theta[i - 2];
      if (i % RESCALE_EVERY !== 0 && i !== n) continue;
      const f = root(theta[i], i);
      scale *= f;
      const t = theta[i] / f;
      theta[i - 1] /= t;
      theta[i - 2] /= t / f;
      theta[i] = 1;
    }
    for (let i = 0; i < n; i++) alpha[i] /= scale;
    for (let i = 0; i < n - 1; i++) beta[i] /= scale;
    this.scale = scale;
  }

  /**
   * Fit with the covariance that a rate of `guess` [DN/s] would have.
   * @param search - also find the gain of leaving out each difference and each pair of neighbours
   */
  fit(guess: number, search: boolean): void {
    this.covariance(guess);
    const { alpha, beta, theta, phi, bigTheta, bigPhi, thetaD, phiD, dB, dC, masked, diffs, use, c } = this;
    const { n } = c;
    for (let i = 0; i < n; i++) masked[i] = diffs[i] * use[i];
    for (let i = 0; i < n - 1; i++) beta[i] = beta[i] * use[i + 1] * use[i];
    theta[0] = 1;
    theta[1] = alpha[0];
    for (let i = 2; i <= n; i++) theta[i] = alpha[i - 1] * theta[i - 1] - beta[i - 2] * beta[i - 2] * theta[i - 2];
    phi[n] = 1;
    phi[n - 1] = alpha[n - 1];
    for (let i = n - 2; i >= 0; i--) phi[i] = alpha[i] * phi[i + 1] - beta[i] * beta[i] * phi[i + 2];
    bigPhi[n - 1] = 0;
    phiD[n - 1] = 0;
    for (let i = n - 2; i >= 0; i--) {
      const sign = i & 1 ? -1 : 1;
      bigPhi[i] = bigPhi[i + 1] * beta[i] + sign * beta[i] * phi[i + 2];
      phiD[i] = (phiD[i + 1] + sign * masked[i + 1] * phi[i + 2]) * beta[i];
    }
    bigTheta[0] = -1;
    thetaD[0] = 0;
    thetaD[1] = -masked[0];
    for (let i = 1; i < n; i++) {
      const sign = i & 1 ? 1 : -1;
      bigTheta[i] = bigTheta[i - 1] * beta[i - 1] + sign * theta[i];
      thetaD[i + 1] = beta[i - 1] * thetaD[i] + sign * masked[i] * theta[i];
    }
    const determinant = theta[n];
    let cross = 0;
    let squares = 0;
    let b = 0;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const sign = i & 1 ? 1 : -1;
      const f = sign / determinant;
      dC[i] = f * (phi[i + 1] * bigTheta[i] + theta[i] * bigPhi[i]) * use[i];
      dB[i] = f * (phi[i + 1] * thetaD[i + 1] + theta[i] * phiD[i]);
      const d = masked[i];
      cross += ((d * sign) / determinant) * (i === 0 ? 1 : beta[i - 1]) * phi[i + 1] * thetaD[i];
      squares += (d * d * theta[i] * phi[i + 1]) / determinant;
      b += d * dC[i];
      sum += dC[i];
    }
    const a = 2 * cross + squares;
    this.a = a;
    this.b = b;
    this.cc = sum;
    this.rate = b * (1 / sum);
    this.chisq = (a - (b * b) / sum) / this.scale;
    if (search) this.searchOmissions();
  }

  /** Uncertainty and variances of the last fit, for the covariance it was made with. */
  finish(guess: number): void {
    const { dC, c } = this;
    const { n } = c;
    const sum = this.cc;
    const photons = guess / this.gain;
    const read = this.noise ** 2;
    let vp = 0;
    let vr = 0;
    let vp2 = 0;
    let vr2 = 0;
    for (let i = 0; i < n; i++) {
      const w = dC[i] / sum;
      vp += w * w * (photons * c.alphaPhoton[i]);
      vr += w * w * (read * c.alphaRead[i]);
      if (i === 0) continue;
      const ww = w * (dC[i - 1] / sum);
      vp2 += ww * (photons * c.betaPhoton[i - 1]);
      vr2 += ww * (read * c.betaRead[i - 1]);
    }
    this.varPoisson = vp + 2 * vp2;
    this.varRead = vr + 2 * vr2;
    this.uncertainty = Math.sqrt(this.scale / sum);
  }

  /** Rate and chi squared without each difference, and without each pair of neighbours. */
  private searchOmissions(): void {
    const { theta, phi, beta, dB, dC, use, inverse, rateOne, chisqOne, rateTwo, chisqTwo, scale } = this;
    const { n } = this.c;
    const { a: A, b: B, cc: C } = this;
    const determinant = theta[n];
    for (let i = 0; i < n; i++) {
      const ci = ((theta[i] * phi[i + 1]) / determinant) * use[i];
      inverse[i] = ci;
      if (use[i] === 0) {
        rateOne[i] = this.rate;
        chisqOne[i] = this.chisq;
        continue;
      }
      const a = (ci * B - dB[i] * dC[i]) / (C * ci - dC[i] ** 2);
      const b = (dB[i] - a * dC[i]) / ci;
      rateOne[i] = a;
      chisqOne[i] = (A + a ** 2 * C - 2 * a * B + b ** 2 * ci - 2 * b * dB[i] + 2 * a * b * dC[i]) / scale;
    }
    for (let i = 0; i < n - 1; i++) {
      const j = i + 1;
      if (use[i] === 0) {
        rateTwo[i] = rateOne[j];
        chisqTwo[i] = chisqOne[j];
        continue;
      }
      if (use[j] === 0) {
        rateTwo[i] = rateOne[i];
        chisqTwo[i] = chisqOne[i];
        continue;
      }
      const off = (-beta[i] * theta[i] * phi[i + 2]) / determinant;
      const own = dC[i] ** 2 - C * inverse[i];
      const mixed = dC[i] * dC[j] - C * off;
      const gain = B * dC[i] - dB[i] * C;
      let c = gain / own - (B * dC[j] - dB[j] * C) / mixed;
      c /= mixed / own - (dC[j] ** 2 - C * inverse[j]) / mixed;
      const b = (gain - c * mixed) / own;
      const a = (B - b * dC[i] - c * dC[j]) / C;
      rateTwo[i] = a;
      let chisq = A + a ** 2 * C + b ** 2 * inverse[i] + c ** 2 * inverse[j];
      chisq -= 2 * a * B + 2 * b * dB[i] + 2 * c * dB[j];
      chisq += 2 * a * b * dC[i] + 2 * a * c * dC[j] + 2 * b * c * off;
      chisqTwo[i] = chisq / scale;
    }
  }

  /**
   * Leave out differences as long as that gains more than the thresholds; clears them in `use`.
   * @returns the rate to take the covariance of the final fit from
   */
  findJumps(thresholds: JumpThresholds): number {
    const { diffs, use, sorted, c, rateOne, chisqOne, rateTwo, chisqTwo } = this;
    const { n, pairs } = c;
    let guess = Number.NaN;
    let finite = true;
    for (let i = 0; i < n; i++) {
      sorted[i] = diffs[i];
      if (Number.isNaN(diffs[i])) finite = false;
    }
    if (finite) {
      guess = medianInPlace(sorted, n);
      guess *= guess > 0 ? 1 : 0;
    }
    let rate = 0;
    for (let round = 0; round < n; round++) {
      this.fit(guess, true);
      if (round === 0) rate = this.rate;
      const { chisq } = this;
      let one = Number.NEGATIVE_INFINITY;
      let two = Number.NEGATIVE_INFINITY;
      // A NaN anywhere wins, as it must: nothing can then be said about this ramp.
      for (let i = 0; i < n; i++) one = Math.max(one, chisq - chisqOne[i]);
      for (let i = 0; i < n - 1; i++) two = Math.max(two, (chisq - chisqTwo[i]) * pairs[i]);
      const oneBetter = one - thresholds.one > two - thresholds.two;
      let best = one * (one > thresholds.one ? 1 : 0) * (oneBetter ? 1 : 0);
      best += two * (two > thresholds.two ? 1 : 0) * (oneBetter ? 0 : 1);
      if (best === 0 || Number.isNaN(best)) break;
      let dropped = false;
      let next = 0;
      if (oneBetter) {
        for (let i = 0; i < n; i++) {
          const drop = chisq - chisqOne[i] === best;
          next += rateOne[i] * (drop ? 1 : 0);
          if (!drop) continue;
          dropped = true;
          use[i] = 0;
        }
      } else {
        for (let i = 0; i < n - 1; i++) {
          const drop = chisq - chisqTwo[i] === best;
          next += rateTwo[i] * (drop ? 1 : 0);
          if (!drop) continue;
          dropped = true;
          use[i] = 0;
          use[i + 1] = 0;
        }
      }
      if (!dropped) break;
      rate = rate * 0 + next;
      let left = 0;
      for (let i = 0; i < n; i++) left += use[i];
      if (left <= 3) break;
    }
    return rate;
  }
}

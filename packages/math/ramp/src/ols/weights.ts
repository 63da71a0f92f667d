/**
 * Exponents of the optimal weights for signal-to-noise in [0,5), [5,10), [10,20), [20,50), [50,100), [100,inf)
 * (Fixsen et al. 2000, PASP 112, 1350, table 2).
 */
export const POWERS: readonly number[] = [0, 0.4, 1, 3, 6, 10];

/** Which exponent belongs to a signal-to-noise ratio; NaN counts as bright. */
export function powerIndex(snr: number): number {
  if (snr < 5) return 0;
  if (snr < 10) return 1;
  if (snr < 20) return 2;
  if (snr < 50) return 3;
  if (snr < 100) return 4;
  return 5;
}

/** The fit of a segment of fixed length with fixed weights, reduced to dot products with the data. */
export interface WeightedFit {
  /** slope per group = sum of slope[g] * data[g]. */
  slope: Float64Array;
  /** weighted mean of the data = sum of mean[g] * data[g]. */
  mean: Float64Array;
  /** Sum of the weights. */
  sumw: number;
  /** Weighted sum of squared distances from the middle of the segment. */
  sumxx: number;
}

/**
 * Fit with weights |(g - m) / m|^p, m the middle of the segment. As the weights are symmetric about the middle, slope and
 * mean decouple: slope = sum w (g - m) y / sum w (g - m)^2. The read noise scales all weights alike and drops out.
 */
function weightedFit(length: number, power: number): WeightedFit {
  const middle = (length - 1) / 2;
  const w = new Float64Array(length);
  let sumw = 0;
  let sumxx = 0;
  for (let g = 0; g < length; g++) {
    // The exponentiation is a single precision one in the reference implementation.
    w[g] = Math.fround(Math.fround(Math.abs((g - middle) / middle)) ** Math.fround(power));
    sumw += w[g];
    sumxx += w[g] * (g - middle) * (g - middle);
  }
  const slope = new Float64Array(length);
  const mean = new Float64Array(length);
  for (let g = 0; g < length; g++) {
    slope[g] = (w[g] * (g - middle)) / sumxx;
    mean[g] = w[g] / sumw;
  }
  return { slope, mean, sumw, sumxx };
}

/** Makes each weighted fit once, when it is first needed: ramps can have a thousand groups. */
export class WeightTable {
  private readonly rows: (WeightedFit | undefined)[];
  private readonly stride: number;

  constructor(ngroups: number) {
    this.stride = ngroups + 1;
    this.rows = new Array<WeightedFit | undefined>(POWERS.length * this.stride).fill(undefined);
  }

  /** @param power - index into POWERS; @param length - groups in the segment, at least 3 */
  get(power: number, length: number): WeightedFit {
    const at = power * this.stride + length;
    return (this.rows[at] ??= weightedFit(length, POWERS[power]));
  }
}

/** Mean, median and standard deviation of what is left after clipping. */
export interface ClippedStatistics {
  mean: number;
  median: number;
  std: number;
}

/**
 * Statistics after leaving out, up to `iterations` times, what lies more than `sigma` standard deviations from the median
 * (as `astropy.stats.sigma_clipped_stats`). Values that are not finite never count.
 */
export function sigmaClippedStatistics(
  values: ArrayLike<number>,
  sigma: number = 3,
  iterations: number = 5,
): ClippedStatistics {
  let kept = Float64Array.from(values).filter(Number.isFinite).sort();
  for (let i = 0; i < iterations; i++) {
    const center = middle(kept);
    const width = sigma * spread(kept, average(kept));
    const next = kept.filter((v) => v >= center - width && v <= center + width);
    if (next.length === kept.length) break;
    kept = next;
  }
  const mean = average(kept);
  return { mean, median: middle(kept), std: spread(kept, mean) };
}

function average(a: Float64Array): number {
  let s = 0;
  for (const v of a) s += v;
  return s / a.length;
}

function spread(a: Float64Array, mean: number): number {
  let s = 0;
  for (const v of a) s += (v - mean) ** 2;
  return Math.sqrt(s / a.length);
}

/** Median of sorted values. */
function middle(a: Float64Array): number {
  const n = a.length;
  if (n === 0) return Number.NaN;
  return n % 2 ? a[(n - 1) / 2] : (a[n / 2 - 1] + a[n / 2]) / 2;
}

import { median32 } from "@calwebb/stats";

/**
 * Median of stacks over integrations, scaled to each of them.
 * @param data - (nints, n) planes; not modified
 * @param scale - flux of each integration relative to the median one
 * @param exact - keep the product in double precision, for scales that are
 * @returns (nints, n): the median over integrations, without NaN, times the scale
 */
export function scaledMedian(
  data: Float32Array,
  nints: number,
  n: number,
  scale: readonly number[],
  exact = false,
): Float32Array | Float64Array {
  const out = exact ? new Float64Array(data.length) : new Float32Array(data.length);
  const values = new Float32Array(nints);
  for (let p = 0; p < n; p++) {
    let k = 0;
    for (let i = 0; i < nints; i++) {
      const v = data[i * n + p];
      if (!Number.isNaN(v)) values[k++] = v;
    }
    const median = median32(values, k);
    for (let i = 0; i < nints; i++) out[i * n + p] = scale[i] * median;
  }
  return out;
}

/**
 * Median flux of each integration relative to their median. Integrations without one take the median of the others.
 * @param rates - (nints, npix)
 * @returns undefined when no integration has a flux
 */
export function relativeFlux(rates: Float32Array, nints: number, npix: number): number[] | undefined {
  const f = Math.fround;
  const fluxes = Float32Array.from({ length: nints }, (_, i) => {
    const plane = rates.subarray(i * npix, (i + 1) * npix).filter((v) => !Number.isNaN(v));
    return median32(plane, plane.length);
  });
  const known = fluxes.filter((v) => !Number.isNaN(v));
  const typical = median32(known, known.length);
  const scale = Array.from(fluxes, (v) => f(v / typical));
  const good = Float32Array.from(scale.filter(Number.isFinite));
  if (good.length === 0) return undefined;
  const fallback = median32(good.slice(), good.length);
  return scale.map((v) => (Number.isFinite(v) ? v : fallback));
}

/**
 * Fluxes of the integrations relative to their median. Integrations without one take the median of the others.
 * @returns undefined when no integration has a flux
 */
export function relativeTo(fluxes: Float64Array): number[] | undefined {
  const typical = medianOf(fluxes.filter((v) => !Number.isNaN(v)));
  const scale = Array.from(fluxes, (v) => v / typical);
  const good = Float64Array.from(scale.filter(Number.isFinite));
  if (good.length === 0) return undefined;
  const fallback = medianOf(good);
  return scale.map((v) => (Number.isFinite(v) ? v : fallback));
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const n = sorted.length;
  return n % 2 === 1 ? sorted[n >> 1] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

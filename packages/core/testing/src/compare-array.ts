import type { TypedArray } from "@calwebb/array";
import type { Tolerance } from "./tolerance.js";

/** Median of the finite absolute values that are not 0, times 1e-6. */
function defaultAtol(expected: ArrayLike<number>): number {
  const values: number[] = [];
  for (let i = 0; i < expected.length; i++) {
    const v = Math.abs(expected[i]);
    if (v > 0 && v < Number.POSITIVE_INFINITY) values.push(v);
  }
  if (values.length === 0) return 1e-12;
  values.sort((a, b) => a - b);
  return 1e-6 * values[values.length >> 1];
}

/**
 * Differences between two arrays of the same length: integers must be equal, floats agree within the limits, with NaN and
 * infinities at the same places.
 * @returns sentences, none when they agree
 */
export function compareArrays(expected: TypedArray, got: TypedArray, tolerance: Tolerance): string[] {
  if (expected.constructor !== got.constructor)
    return [`type ${got.constructor.name} instead of ${expected.constructor.name}`];
  if (expected.length !== got.length) return [`${got.length} values instead of ${expected.length}`];
  if (expected instanceof Float32Array || expected instanceof Float64Array)
    return compareFloats(expected, got as Float32Array, tolerance);
  let different = 0;
  let first = -1;
  for (let i = 0; i < expected.length; i++)
    if (expected[i] !== got[i]) {
      if (first < 0) first = i;
      different++;
    }
  if (different <= (tolerance.frac_int ?? 0) * expected.length) return [];
  return [
    `${different} of ${expected.length} integers differ, first at ${first}: ${got[first]} instead of ${expected[first]}`,
  ];
}

function compareFloats(
  expected: Float32Array | Float64Array,
  got: Float32Array | Float64Array,
  tolerance: Tolerance,
): string[] {
  const atol = tolerance.atol ?? defaultAtol(expected);
  let outside = 0;
  let nans = 0;
  let worst = -1;
  let firstNan = -1;
  let worstRatio = 0;
  for (let i = 0; i < expected.length; i++) {
    const e = expected[i];
    const g = got[i];
    if (Object.is(e, g) || e === g) continue;
    if (Number.isNaN(e) !== Number.isNaN(g)) {
      if (firstNan < 0) firstNan = i;
      nans++;
      continue;
    }
    const ratio = Math.abs(e - g) / (atol + tolerance.rtol * Math.abs(e));
    if (!(ratio <= 1)) {
      outside++;
      if (!(ratio <= worstRatio)) {
        worstRatio = ratio;
        worst = i;
      }
    }
  }
  const out: string[] = [];
  if (nans > (tolerance.nan_frac ?? 0) * expected.length)
    out.push(
      `NaN at different places (${nans}), first at ${firstNan}: ${got[firstNan]} instead of ${expected[firstNan]}`,
    );
  if (outside > tolerance.frac * expected.length)
    out.push(
      `${outside} of ${expected.length} beyond atol ${atol.toPrecision(3)} + rtol ${tolerance.rtol}; worst at ${worst}: ${got[worst]} instead of ${expected[worst]}`,
    );
  return out;
}

import { exp32 } from "./exp32.js";

/** Coefficients of one row of a table of time dependence, float32 numbers. */
export type Coefficients = Readonly<Record<string, number>>;

const f = Math.fround;
/** Days of the year that the coefficients count in. */
const YEAR = 365;

// The tables are float32, and the reference implementation computes in float32; so do these.

/**
 * Sensitivity relative to day t0 when it falls linearly.
 * @param mjd - middle of the exposure
 * @param c - t0 [MJD], lossperyear [1/year]
 */
export function linearFactor(mjd: number, c: Coefficients): number {
  return f(1 - f(f(c["lossperyear"] * f(f(mjd) - c["t0"])) / YEAR));
}

/** Sensitivity relative to day t0 when it falls exponentially: amplitude exp(-(t - t0) / tau) + const, tau in days. */
export function exponentialFactor(mjd: number, c: Coefficients): number {
  const decay = exp32(f(-f(f(mjd) - c["t0"]) / c["tau"]));
  return f(f(c["amplitude"] * decay) + c["const"]);
}

/** Sensitivity that falls as (t - t0 + tsoft)^alpha and is year1value one year after t0. */
export function powerLawFactor(mjd: number, c: Coefficients): number {
  const alpha = c["alpha"];
  const norm = f(f(f(YEAR + c["tsoft"]) ** alpha) / c["year1value"]);
  return f(f(f(f(f(mjd) - c["t0"]) + c["tsoft"]) ** alpha) / norm);
}

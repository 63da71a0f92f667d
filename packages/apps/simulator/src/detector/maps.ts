import { pixel } from "@calwebb/dqflags";
import type { Random } from "@calwebb/rng";
import type { Mode } from "../modes.js";
import type { Geometry } from "./geometry.js";

/**
 * What the detector is like, pixel by pixel. Everything that the pipeline's reference files know comes from here, so that
 * calibrating a simulated exposure with the simulated references is exact up to noise.
 */
export interface PixelMaps {
  /** [e-/DN] */
  readonly gain: Float32Array;
  /** Noise of one frame [DN]. */
  readonly readNoise: Float32Array;
  /** Zero level [DN]. */
  readonly bias: Float32Array;
  /** Dark current [DN/s]. */
  readonly dark: Float32Array;
  /** Level above which the pixel is saturated, bias included [DN]; NaN: never checked. */
  readonly saturation: Float32Array;
  /** Linearity: true = c0 + c1 m + c2 m^2 + c3 m^3, m the measured signal above bias. Plane k holds the coefficients ck. */
  readonly linearity: readonly Float32Array[];
  /** Relative response, about 1. */
  readonly flat: Float32Array;
  /** Master flags that the pixel keeps. */
  readonly flags: Uint32Array;
  /** Fraction of a pixel's charge that each of its four neighbours shows. */
  readonly ipc: number;
}

const BIAS: Readonly<Record<Mode["instrument"], number>> = {
  NIRCAM: 11000,
  NIRISS: 12000,
  NIRSPEC: 9000,
  MIRI: 8000,
  FGS: 10000,
};
/** Mean gain [e-/DN]. */
export const GAIN: Readonly<Record<Mode["instrument"], number>> = {
  NIRCAM: 2.05,
  NIRISS: 1.61,
  NIRSPEC: 1.0,
  MIRI: 4.0,
  FGS: 1.7,
};
const NOISE: Readonly<Record<Mode["instrument"], number>> = {
  NIRCAM: 5.5,
  NIRISS: 6.2,
  NIRSPEC: 6.0,
  MIRI: 4.2,
  FGS: 7.0,
};

/** Draw the maps of a detector. */
export function drawMaps(mode: Mode, geometry: Geometry, random: Random): PixelMaps {
  const n = geometry.nx * geometry.ny;
  const maps = {
    gain: new Float32Array(n),
    readNoise: new Float32Array(n),
    bias: new Float32Array(n),
    dark: new Float32Array(n),
    saturation: new Float32Array(n),
    linearity: [new Float32Array(n), new Float32Array(n).fill(1), new Float32Array(n), new Float32Array(n)],
    flat: new Float32Array(n),
    flags: new Uint32Array(n),
    ipc: 0.005,
  };
  const level = BIAS[mode.instrument];
  const meanDark = mode.instrument === "MIRI" ? 0.06 : 0.002;
  for (let p = 0; p < n; p++) {
    maps.gain[p] = GAIN[mode.instrument] * (1 + 0.02 * random.normal());
    maps.readNoise[p] = NOISE[mode.instrument] * Math.exp(0.1 * random.normal());
    maps.bias[p] = level + 150 * geometry.amplifier[p] + 40 * (geometry.column[p] & 1) + 120 * random.normal();
    maps.dark[p] = meanDark * Math.exp(0.5 * random.normal());
    maps.saturation[p] = level + 42000 * (1 + 0.03 * random.normal());
    maps.linearity[2][p] = 1.1e-6 * (1 + 0.1 * random.normal());
    maps.linearity[3][p] = 4e-12 * (1 + 0.1 * random.normal());
    maps.flat[p] = 1 + 0.03 * random.normal();
    if (geometry.reference[p]) {
      maps.flags[p] = pixel.REFERENCE_PIXEL;
      maps.dark[p] = 0;
    } else {
      const lot = random.uniform();
      if (lot < 0.0005) maps.flags[p] = pixel.DO_NOT_USE | pixel.DEAD;
      else if (lot < 0.0015) {
        maps.flags[p] = pixel.HOT | (lot < 0.0008 ? pixel.DO_NOT_USE : 0);
        maps.dark[p] = 5 + 100 * random.uniform();
      } else if (lot < 0.0018) maps.flags[p] = pixel.NO_LIN_CORR;
      else if (lot < 0.0021) {
        maps.flags[p] = pixel.NO_SAT_CHECK;
        maps.saturation[p] = Number.NaN;
      }
    }
    maps.flags[p] >>>= 0;
  }
  return maps;
}

/**
 * The measured signal whose linearity correction gives `signal` [DN]; three Newton steps from the signal itself.
 */
export function compress(signal: number, c2: number, c3: number): number {
  let m = signal;
  for (let k = 0; k < 3; k++) {
    const f = m + c2 * m * m + c3 * m * m * m - signal;
    m -= f / (1 + 2 * c2 * m + 3 * c3 * m * m);
  }
  return m;
}

import { allocate } from "@calwebb/array";
import type { Random } from "@calwebb/rng";
import type { Mode } from "../modes.js";
import { cosmicRays, type Hits } from "./cosmic-rays.js";
import { interference } from "./emi.js";
import type { Geometry } from "./geometry.js";
import { compress, type PixelMaps } from "./maps.js";
import { ElectronicNoise } from "./read-noise.js";

/** Strengths of the effects; 1 is as in space, 0 switches one off. */
export interface Effects {
  cosmicRays: number;
  /** Share of snowballs among the cosmic rays. */
  snowballs: number;
  /** Drifts and 1/f noise. */
  electronics: number;
  /** White read noise. */
  readNoise: number;
  /** Photon noise: 0 gives exact counts. */
  photons: number;
  /** Reset noise: a different zero level in each integration. */
  reset: number;
  /** MIRI: decay after the reset, in the first groups. */
  resetAnomaly: number;
  /** MIRI: waves that the electronics add. */
  interference: number;
}

export const SPACE: Readonly<Effects> = {
  cosmicRays: 1,
  snowballs: 1,
  electronics: 1,
  readNoise: 1,
  photons: 1,
  reset: 1,
  resetAnomaly: 1,
  interference: 1,
};

/**
 * Counts that MIRI shows after a reset, in a frame of an integration [DN]: the first integration starts from a rested detector.
 * @param frame - number of the frame in its integration, from 0
 */
export function resetAnomaly(integration: number, frame: number): number {
  return (integration === 0 ? -30 : -18) * Math.exp(-(frame + 1) / 1.8);
}

/** Who wants to know what happens while an exposure is taken. */
export interface Watch {
  readonly onGroup?: (done: number, total: number) => void;
  /** Charge that cosmic rays leave before a group is read; integration and group count from 0. */
  readonly onCosmicRays?: (integration: number, group: number, hits: Hits) => void;
}

/** What a detector delivers. */
export interface RawExposure {
  /** Counts [nints, ngroups, ny, nx]. */
  readonly data: Uint16Array;
  /** First frame of each integration [nints, ny, nx], when it was asked for. */
  readonly zeroframe: Uint16Array | undefined;
}

/**
 * Expose a detector and read it out.
 *
 * Per frame: photons, dark current and cosmic rays collect as electrons; charge couples to the neighbours; the signal is
 * compressed by the inverse of the linearity polynomial and limited; bias, reset noise, drifts, 1/f and read noise are added;
 * `nframes` frames are averaged into a group and `groupgap` frames are dropped.
 * @param light - photons that arrive [e-/s], [ny, nx], in an integration
 * @param watch - is told of groups that are done, and of the cosmic rays before each
 */
export function expose(
  mode: Mode,
  geometry: Geometry,
  maps: PixelMaps,
  light: (integration: number) => Float32Array,
  { nints, ngroups, zeroframe = false }: { nints: number; ngroups: number; zeroframe?: boolean },
  effects: Readonly<Effects>,
  random: Random,
  watch: Watch = {},
): RawExposure {
  const n = geometry.nx * geometry.ny;
  const data = allocate("uint16", nints * ngroups * n);
  const zero = zeroframe ? allocate("uint16", nints * n) : undefined;
  const charge = new Float32Array(n);
  const signal = new Float32Array(n);
  const sum = new Float32Array(n);
  const kTC = new Float32Array(n);
  const electronics = new ElectronicNoise(geometry, effects.electronics, random.fork(1));
  const miri = mode.instrument === "MIRI";
  const resetNoise = miri ? 4 : 12;
  for (let i = 0; i < nints; i++) {
    charge.fill(0);
    const arriving = light(i);
    for (let p = 0; p < n; p++) kTC[p] = effects.reset * resetNoise * random.normal();
    for (let g = 0; g < ngroups; g++) {
      sum.fill(0);
      for (let f = 0; f < mode.nframes; f++) {
        collect(charge, arriving, maps, geometry, mode.frameTime, effects, random);
        const hits = cosmicRays(
          geometry.nx,
          geometry.ny,
          mode.frameTime,
          effects.cosmicRays,
          effects.snowballs,
          random,
        );
        for (const [p, e] of hits) if (!geometry.reference[p]) charge[p] += e;
        watch.onCosmicRays?.(i, g, hits);
        couple(charge, signal, maps, geometry);
        readFrame(signal, kTC, sum, maps, geometry, electronics, effects.readNoise, random);
        if (miri) {
          const frame = g * (mode.nframes + mode.groupgap) + f;
          const decay = effects.resetAnomaly * resetAnomaly(i, frame);
          const wave = interference(mode, effects.interference, i * ngroups + g, i);
          for (let p = 0; p < n; p++) sum[p] += decay + wave(p % geometry.nx, Math.floor(p / geometry.nx));
        }
        if (zero && g === 0 && f === 0) digitise(sum, 1, zero, i * n, maps);
      }
      digitise(sum, mode.nframes, data, (i * ngroups + g) * n, maps);
      if (mode.groupgap > 0 && g < ngroups - 1)
        collect(charge, arriving, maps, geometry, mode.frameTime * mode.groupgap, effects, random);
      watch.onGroup?.(i * ngroups + g + 1, nints * ngroups);
    }
  }
  return { data, zeroframe: zero };
}

function collect(
  charge: Float32Array,
  light: Float32Array,
  maps: PixelMaps,
  geometry: Geometry,
  time: number,
  effects: Readonly<Effects>,
  random: Random,
): void {
  for (let p = 0; p < charge.length; p++) {
    if (geometry.reference[p]) continue;
    const mean = (light[p] * maps.flat[p] + maps.dark[p] * maps.gain[p]) * time;
    charge[p] += effects.photons > 0 ? random.poisson(mean) : mean;
  }
}

/** Signal [DN] of each pixel: its own charge less what its neighbours show, plus what it shows of theirs; then compressed. */
function couple(charge: Float32Array, signal: Float32Array, maps: PixelMaps, { nx, ny, reference }: Geometry): void {
  const a = maps.ipc;
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const p = y * nx + x;
      if (reference[p]) {
        signal[p] = 0;
        continue;
      }
      const around =
        (x > 0 ? charge[p - 1] : 0) +
        (x < nx - 1 ? charge[p + 1] : 0) +
        (y > 0 ? charge[p - nx] : 0) +
        (y < ny - 1 ? charge[p + nx] : 0);
      const dn = ((1 - 4 * a) * charge[p] + a * around) / maps.gain[p];
      signal[p] = compress(Math.min(dn, 60_000), maps.linearity[2][p], maps.linearity[3][p]);
    }
  }
}

function readFrame(
  signal: Float32Array,
  kTC: Float32Array,
  sum: Float32Array,
  maps: PixelMaps,
  geometry: Geometry,
  electronics: ElectronicNoise,
  readNoise: number,
  random: Random,
): void {
  const { offset, rows } = electronics.read();
  const { amplifier, column, line } = geometry;
  for (let p = 0; p < signal.length; p++) {
    const shared = offset[2 * amplifier[p] + (column[p] & 1)] + rows[line[p] * 4 + amplifier[p]];
    sum[p] += signal[p] + maps.bias[p] + kTC[p] + shared + readNoise * maps.readNoise[p] * random.normal();
  }
}

function digitise(sum: Float32Array, frames: number, out: Uint16Array, at: number, maps: PixelMaps): void {
  for (let p = 0; p < sum.length; p++) {
    const full = maps.saturation[p] + 2500;
    let dn = sum[p] / frames;
    if (dn > full) dn = full;
    out[at + p] = dn < 0 ? 0 : dn > 65535 ? 65535 : Math.round(dn);
  }
}

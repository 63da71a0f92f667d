import { defineTask, type Task } from "@calwebb/array";
import { evaluateSpline, fraction, type Spline } from "./spline.js";

/** One integration from which a phased waveform is subtracted. */
export interface WaveArgs {
  /** [*][ngroups][ny][nx], DN; changed in place. */
  data: Float32Array;
  ngroups: number;
  ny: number;
  nx: number;
  integration: number;
  wave: Spline;
  amplitude: number;
  /** Phase of the first pixel of the integration, in turns. */
  phase: number;
  /** Phase step from group to group. */
  groupStep: number;
  nsamples: number;
  rowclocks: number;
  period: number;
}

/** Subtract the scaled waveform at the phase of every pixel; the four interleaved channels are read at the same time. */
export function subtractWave(a: WaveArgs): void {
  const { data, ngroups, ny, nx, wave, amplitude } = a;
  const quads = Math.floor(nx / 4);
  for (let g = 0; g < ngroups; g++)
    for (let row = 0; row < ny; row++) {
      const at = ((a.integration * ngroups + g) * ny + row) * nx;
      for (let k = 0; k < quads; k++) {
        const own = fraction((row * a.rowclocks + k * a.nsamples) / a.period);
        const v = amplitude * evaluateSpline(wave, fraction(own + a.groupStep * g + a.phase));
        for (let p = at + 4 * k; p < at + 4 * k + 4; p++) data[p] -= v;
      }
    }
}

/** {@link subtractWave} for the executor. */
export const subtractWaveTask: Task<WaveArgs, void> = defineTask(import.meta.url, "subtractWave", subtractWave);

import type { Mode } from "../modes.js";

/** Strength of the interference of MIRI's electronics [DN]. */
const AMPLITUDE = 5;
/** Time of one clock [s]. */
const CLOCK = 1e-5;

/**
 * Frequency of the interference [Hz]. Full frames take a whole number of periods of the faster one, so that it does not change from
 * group to group and cannot be told from the image.
 */
export const emiFrequency = (mode: Mode): number => (mode.subarray === "FULL" ? 10.039216 : 390.625);

/** Clocks that a row and a frame of a MIRI readout take. */
export function emiClocks(mode: Mode): { rowclocks: number; frameclocks: number } {
  const slow = mode.readpatt.startsWith("SLOW");
  if (mode.subarray === "FULL")
    return slow ? { rowclocks: 2333, frameclocks: 2388992 } : { rowclocks: 271, frameclocks: 277504 };
  let rowclocks = (mode.xsize / 4) * (slow ? 9 : 1) + 13;
  // The same must not happen to a subarray: its readings are at least an eighth of a period apart.
  const rest = (): number => frameOf(mode, rowclocks) % 256;
  while (rest() < 32 || rest() > 224) rowclocks++;
  return { rowclocks, frameclocks: rowclocks * mode.ysize };
}

/** Clocks from one reading to the next: the rows that are not read are reset faster. */
const frameOf = (mode: Mode, rowclocks: number): number => mode.ysize * rowclocks + (1024 - mode.ysize) * 7;

/** What the interference adds to the counts of pixel (x, y), both from 0, in a reading. */
export type Interference = (x: number, y: number) => number;

/**
 * The interference in one reading of an exposure. Four amplifiers read four neighbouring pixels at once; a pixel takes `nsamples`
 * clocks, a row and a frame what {@link emiClocks} says.
 * @param reading - number of the reading in the exposure, from 0
 * @param integration - from 0; between two, a frame is read that nobody gets
 */
export function interference(mode: Mode, strength: number, reading: number, integration: number): Interference {
  const { rowclocks, frameclocks } = emiClocks(mode);
  const nsamples = mode.readpatt.startsWith("SLOW") ? 9 : 1;
  const start = reading * frameOf(mode, rowclocks) + integration * frameclocks;
  const turn = 2 * Math.PI * emiFrequency(mode) * CLOCK;
  return (x, y) => strength * AMPLITUDE * Math.sin(turn * (start + y * rowclocks + Math.floor(x / 4) * nsamples));
}

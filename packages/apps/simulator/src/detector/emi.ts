import type { Mode } from "../modes.js";

/** Interference of MIRI's electronics: one frequency [Hz] and its strength [DN]. */
export const EMI_FREQUENCY = 390.625;
const AMPLITUDE = 5;
/** Time of one clock [s]. */
const CLOCK = 1e-5;

/** Clocks that a row and a frame of a MIRI readout take. */
export function emiClocks(mode: Mode): { rowclocks: number; frameclocks: number } {
  const slow = mode.readpatt.startsWith("SLOW");
  if (mode.subarray === "FULL")
    return slow ? { rowclocks: 2333, frameclocks: 2388992 } : { rowclocks: 271, frameclocks: 277504 };
  const rowclocks = (mode.xsize / 4) * (slow ? 9 : 1) + 13;
  return { rowclocks, frameclocks: rowclocks * mode.ysize };
}

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
  const frame = mode.ysize * rowclocks + (1024 - mode.ysize) * 7;
  const start = reading * frame + integration * frameclocks;
  const turn = 2 * Math.PI * EMI_FREQUENCY * CLOCK;
  return (x, y) => strength * AMPLITUDE * Math.sin(turn * (start + y * rowclocks + Math.floor(x / 4) * nsamples));
}

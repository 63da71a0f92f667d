import { defineTask, type Task } from "@calwebb/array";
import { blotPixels, flagResampled, type Positions, positionRow } from "@calwebb/drizzle";

/** Rows of an exposure that are compared with the median of all exposures. */
export interface FlagBand {
  /** Where the pixels of the exposure lie on the median. */
  map: Positions;
  /** [sny][snx] */
  median: Float32Array;
  snx: number;
  sny: number;
  /** [ny][nx] */
  data: Float32Array;
  /** [ny][nx] */
  err: Float32Array;
  snr: readonly [number, number];
  scale: readonly [number, number];
  /** Added to the median. */
  background: number;
  /** [ny][nx] receives 1 for outliers. */
  outliers: Uint8Array;
  /** [ny][nx] receives the median as the exposure sees it, if wanted. */
  blotted: Float32Array | null;
  /** Rows [start, end). */
  start: number;
  end: number;
}

/** Rows beside a band that its flags depend on: derivatives need the next row, and hits grow by one pixel. */
const BESIDE = 2;

/** Blot the median to rows of an exposure and flag the outliers in them. */
export function flagBand(b: FlagBand): void {
  const { map, start, end } = b;
  const { nx, ny } = map;
  const low = Math.max(0, start - BESIDE);
  const high = Math.min(ny, end + BESIDE);
  const x = new Float64Array(nx);
  const y = new Float64Array(nx);
  const model = new Float32Array(nx * (high - low));
  for (let j = low; j < high; j++) {
    positionRow(map, j, x, y);
    const out = model.subarray((j - low) * nx, (j - low + 1) * nx);
    blotPixels({ image: b.median, snx: b.snx, sny: b.sny, x, y, out, fill: Number.NaN, start: 0, end: nx });
  }
  const found = flagResampled({
    data: b.data.subarray(low * nx, high * nx),
    err: b.err.subarray(low * nx, high * nx),
    model,
    nx,
    ny: high - low,
    snr: b.snr,
    scale: b.scale,
    background: b.background,
  });
  const [from, to] = [(start - low) * nx, (end - low) * nx];
  b.outliers.set(found.subarray(from, to), start * nx);
  b.blotted?.set(model.subarray(from, to), start * nx);
}

/** {@link flagBand} for the executor. */
export const flagBandTask: Task<FlagBand, void> = defineTask(import.meta.url, "flagBand", flagBand);

import { allocate, defineTask, recycle, type Task } from "@calwebb/array";
import { fillPolygon } from "./polygon.js";
import { simdSample } from "./simd.js";
import { type Measured, type StatisticOptions, skyStatistic } from "./statistics.js";

/** Corners in pixels, counted from 0. */
export interface PixelPolygon {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Pixels to measure the sky of. */
export interface SkyPiece {
  /** [ny][nx] */
  readonly data: Float32Array;
  /** [ny][nx]: 1 for pixels that count. */
  readonly mask: Uint8Array;
  readonly ny: number;
  readonly nx: number;
  /** Only inside of these; undefined: everywhere. */
  readonly within: readonly PixelPolygon[] | undefined;
  readonly options: StatisticOptions;
}

/** Measure the sky of an exposure or a part of it; undefined when there is nothing to measure. */
export function measureSky({ data, mask, ny, nx, within, options }: SkyPiece): Measured | undefined {
  const covered = within && allocate("uint8", data.length);
  if (covered) for (const { x, y } of within) fillPolygon(covered, ny, nx, x, y);
  const found = statisticOf(data, mask, covered ?? mask, options);
  // The next piece takes the same memory.
  if (covered) recycle(covered);
  return found;
}

/** Statistic of the values where both masks are set. */
function statisticOf(
  data: Float32Array,
  a: Uint8Array,
  b: Uint8Array,
  options: StatisticOptions,
): Measured | undefined {
  const sample = simdSample(data.length);
  if (sample) return skyStatistic(sample.take(data, a, b), options, sample);
  const values = allocate("float32", data.length);
  const found = skyStatistic(values.subarray(0, take(data, a, b, values)), options);
  recycle(values);
  return found;
}

/** Copy the values where both masks are set; how many there are. */
function take(data: Float32Array, a: Uint8Array, b: Uint8Array, out: Float32Array): number {
  let n = 0;
  for (let i = 0; i < data.length; i++) {
    out[n] = data[i];
    n += a[i] & b[i];
  }
  return n;
}

/** {@link measureSky} for the executor. */
export const measureSkyTask: Task<SkyPiece, Measured | undefined> = defineTask(
  import.meta.url,
  "measureSky",
  measureSky,
);

import { type Levels, plainLevels, simdLevels, TILE } from "./levels.js";

/** Planes to subtract from the planes of an exposure. */
export interface SubtractPlanes {
  /** Stack of planes, row-major, float32; changed in place. */
  data: Float32Array;
  /** Stack of planes of the same size, float32; NaN subtracts nothing. Not modified. */
  level: Float32Array;
  /** Pixels of a plane. */
  size: number;
  /** For each plane of `data` the plane of `level` to subtract; a negative number: none. */
  levelOf: readonly number[];
  /** Leave values that are exactly 0 (no measurement) as they are. */
  keepZero?: boolean;
  /** Pixels start .. end-1 of every plane are processed. */
  start: number;
  end: number;
  /** Use the WASM SIMD kernel where there is one (default true); it gives the same numbers. */
  simd?: boolean;
}

/** Subtract planes from planes, in place, in float32. */
export function subtractPlanes({ data, level, size, levelOf, start, end, keepZero, simd }: SubtractPlanes): void {
  // Planes that share a level follow one another, so that it is brought in once.
  const order = [...levelOf.keys()].filter((p) => levelOf[p] >= 0).sort((a, b) => levelOf[a] - levelOf[b] || a - b);
  const tile: Levels = ((simd ?? true) ? simdLevels() : undefined) ?? plainLevels();
  for (let from = start; from < end; from += TILE) {
    const n = Math.min(TILE, end - from);
    let loaded = -1;
    for (const plane of order) {
      if (levelOf[plane] !== loaded) {
        loaded = levelOf[plane];
        tile.load(level.subarray(loaded * size + from, loaded * size + from + n));
      }
      const values = data.subarray(plane * size + from, plane * size + from + n);
      if (keepZero === true) tile.subtractKeepingZero(values);
      else tile.subtract(values);
    }
  }
}

import { plainLevels, simdLevels, TILE } from "./levels.js";

/**
 * OR flags into others of the same length, elements [start, end), in place.
 * @param simd - use the WASM SIMD kernel where there is one
 */
export function addFlags(into: Uint32Array, flags: Uint32Array, start: number, end: number, simd = true): void {
  const tile = (simd ? simdLevels() : undefined) ?? plainLevels();
  for (let from = start; from < end; from += TILE) {
    const to = Math.min(end, from + TILE);
    tile.addFlags(into.subarray(from, to), flags.subarray(from, to));
  }
}

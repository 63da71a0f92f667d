import type { Runs } from "@calwebb/regions";

/** A view of the same bytes as 32-bit words, where they are aligned. */
export function wordsOf(bytes: Uint8Array): Uint32Array | null {
  return bytes.byteOffset % 4 === 0 ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : null;
}

/**
 * Runs of the pixels of a plane that have a bit and did not have it in another plane.
 * @param bytes - flags; `words` the same memory as words, or null
 * @param plane - start of the plane in `bytes`
 * @param other - start of the other plane; -1: none
 * @param runs - receives the runs; cleared first
 */
export function scanPlane(
  bytes: Uint8Array,
  words: Uint32Array | null,
  plane: number,
  other: number,
  nrows: number,
  ncols: number,
  bit: number,
  runs: Runs,
): void {
  runs.clear();
  const npix = nrows * ncols;
  const pixel = (p: number): void => {
    if ((bytes[plane + p] & bit) === 0) return;
    if (other >= 0 && (bytes[other + p] & bit) !== 0) return;
    const y = Math.floor(p / ncols);
    runs.add(y, p - y * ncols);
  };
  if (words === null || plane % 4 !== 0 || npix % 4 !== 0) {
    for (let p = 0; p < npix; p++) pixel(p);
    return;
  }
  const mask = bit * 0x01010101;
  const from = plane / 4;
  const shift = other >= 0 ? other / 4 - from : 0;
  const end = from + npix / 4;
  for (let w = from; w < end; w++) {
    let hit = words[w] & mask;
    if (hit === 0) continue;
    if (other >= 0) hit &= ~words[w + shift];
    if (hit === 0) continue;
    const p = (w - from) * 4;
    pixel(p);
    pixel(p + 1);
    pixel(p + 2);
    pixel(p + 3);
  }
}

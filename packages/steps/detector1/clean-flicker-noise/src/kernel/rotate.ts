/**
 * Turn an image into the orientation in which a NIRSpec detector is read: axes swapped, and for NRS2 upside down.
 * @param n0, n1 - rows and columns of the image; the result has n1 rows and n0 columns
 */
export function toReadout<T extends Float32Array | Uint8Array>(image: T, n0: number, n1: number, flip: boolean): T {
  const out = image.slice() as T;
  for (let y = 0; y < n0; y++) for (let x = 0; x < n1; x++) out[(flip ? n1 - 1 - x : x) * n0 + y] = image[y * n1 + x];
  return out;
}

/** The inverse of {@link toReadout}; `n0`, `n1` are again the size of the image in its own orientation. */
export function fromReadout(image: Float32Array, n0: number, n1: number, flip: boolean): Float32Array {
  const out = new Float32Array(image.length);
  for (let y = 0; y < n0; y++) for (let x = 0; x < n1; x++) out[y * n1 + x] = image[(flip ? n1 - 1 - x : x) * n0 + y];
  return out;
}

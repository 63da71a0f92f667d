import { computeScale, separation, type Wcs } from "@calwebb/wcs";

/**
 * Size of a pixel at a point of the sky [deg]: geometric mean of both axes. Measured in the frame before the sky where that is one of
 * telescope angles: rotations keep distances, and small angles lose no digits, while differences of coordinates of hundreds of degrees
 * are only good to 1e-9 of a pixel.
 */
export function pixelScaleAt(wcs: Wcs, ra: number, dec: number): number {
  const { frames } = wcs;
  const before = frames.at(-2);
  if (before === undefined || frames.length < 3 || !/^v2v3/.test(before)) return computeScale(wcs, [ra, dec]);
  const free = { withBoundingBox: false };
  const [[x], [y]] = wcs.invert([Float64Array.of(ra), Float64Array.of(dec)], free);
  const [v2, v3] = wcs
    .transform(0, frames.length - 2)
    .evaluate([Float64Array.of(x, x + 1, x), Float64Array.of(y, y, y + 1)]);
  const distance = (i: number): number => separation(v2[0] / 3600, v3[0] / 3600, v2[i] / 3600, v3[i] / 3600);
  return Math.sqrt(distance(1) * distance(2));
}

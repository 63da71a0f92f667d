/** How much of a pixel counts: the exact overlap, subpixels, or all of it when its centre is inside. */
export type OverlapMethod = "exact" | "subpixel" | "center";

/** Weights of pixels in a box: rows from `y0`, columns from `x0`, row-major; parts of the box may lie outside the image. */
export interface ApertureMask {
  x0: number;
  y0: number;
  width: number;
  height: number;
  weights: Float64Array;
}

/** Integral of sqrt(r^2 - t^2) from 0 to x, |x| <= r. */
function underArc(x: number, r: number): number {
  return 0.5 * (x * Math.sqrt(Math.max(0, r * r - x * x)) + r * r * Math.asin(Math.max(-1, Math.min(1, x / r))));
}

/** Integral from 0 to x of min(y, sqrt(r^2 - t^2)), odd in x and in y. */
function capped(x: number, y: number, r: number): number {
  const sign = (x < 0 ? -1 : 1) * (y < 0 ? -1 : 1);
  const ax = Math.min(Math.abs(x), r);
  const ay = Math.abs(y);
  if (ay >= r) return sign * underArc(ax, r);
  const corner = Math.sqrt(r * r - ay * ay);
  if (ax <= corner) return sign * ax * ay;
  return sign * (corner * ay + underArc(ax, r) - underArc(corner, r));
}

/** Area that a circle of radius r around the origin shares with the rectangle [x0, x1] x [y0, y1]. */
export function circleOverlap(x0: number, x1: number, y0: number, y1: number, r: number): number {
  if (r <= 0) return 0;
  // Nothing and everything are exact: a rest of rounding would let a bad pixel outside count.
  const nearX = Math.max(x0, -x1, 0);
  const nearY = Math.max(y0, -y1, 0);
  if (nearX * nearX + nearY * nearY >= r * r) return 0;
  const farX = Math.max(-x0, x1);
  const farY = Math.max(-y0, y1);
  if (farX * farX + farY * farY <= r * r) return (x1 - x0) * (y1 - y0);
  return Math.max(0, capped(x1, y1, r) - capped(x0, y1, r) - capped(x1, y0, r) + capped(x0, y0, r));
}

function subpixelFraction(dx: number, dy: number, r: number, n: number): number {
  let inside = 0;
  for (let j = 0; j < n; j++) {
    const y = dy + (j + 0.5) / n - 0.5;
    for (let i = 0; i < n; i++) {
      const x = dx + (i + 0.5) / n - 0.5;
      if (x * x + y * y < r * r) inside++;
    }
  }
  return inside / (n * n);
}

/**
 * Weights of the pixels in a circle. Pixel (i, j) covers [i - 0.5, i + 0.5] x [j - 0.5, j + 0.5].
 * @param subpixels - per axis, for the method "subpixel"
 */
export function circleMask(
  x: number,
  y: number,
  radius: number,
  method: OverlapMethod = "exact",
  subpixels = 5,
): ApertureMask {
  const x0 = Math.floor(x - radius + 0.5);
  const y0 = Math.floor(y - radius + 0.5);
  const width = Math.ceil(x + radius + 0.5) - x0;
  const height = Math.ceil(y + radius + 0.5) - y0;
  const weights = new Float64Array(width * height);
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const dx = x0 + i - x;
      const dy = y0 + j - y;
      weights[j * width + i] =
        method === "exact"
          ? circleOverlap(dx - 0.5, dx + 0.5, dy - 0.5, dy + 0.5, radius)
          : subpixelFraction(dx, dy, radius, method === "center" ? 1 : subpixels);
    }
  return { x0, y0, width, height, weights };
}

/** Weights of the pixels in an annulus: the outer circle less the inner one. */
export function annulusMask(
  x: number,
  y: number,
  inner: number,
  outer: number,
  method: OverlapMethod = "exact",
  subpixels = 5,
): ApertureMask {
  const out = circleMask(x, y, outer, method, subpixels);
  const hole = circleMask(x, y, inner, method, subpixels);
  for (let j = 0; j < hole.height; j++)
    for (let i = 0; i < hole.width; i++) {
      const at = (hole.y0 + j - out.y0) * out.width + hole.x0 + i - out.x0;
      out.weights[at] = Math.max(0, out.weights[at] - hole.weights[j * hole.width + i]);
    }
  return out;
}

/** What an aperture holds. */
export interface ApertureSum {
  sum: number;
  /** Square root of the weighted sum of squared errors. */
  error: number;
  /** Area of the usable pixels. */
  area: number;
}

/**
 * Weighted sum of the pixels of an image in an aperture; parts outside the image count nothing.
 * @param error - one standard deviation per pixel
 * @param usable - leave out pixels that are not finite; otherwise they make the sum NaN
 * @returns NaN when no pixel of the image is inside
 */
export function apertureSum(
  data: Float32Array | Float64Array,
  error: Float32Array | Float64Array,
  ny: number,
  nx: number,
  mask: ApertureMask,
  usable: boolean,
): ApertureSum {
  let sum = 0;
  let variance = 0;
  let area = 0;
  let any = false;
  for (let j = 0; j < mask.height; j++) {
    const row = mask.y0 + j;
    if (row < 0 || row >= ny) continue;
    for (let i = 0; i < mask.width; i++) {
      const column = mask.x0 + i;
      const weight = mask.weights[j * mask.width + i];
      if (column < 0 || column >= nx || weight === 0) continue;
      const p = row * nx + column;
      if (usable && !Number.isFinite(data[p])) continue;
      any = true;
      sum += data[p] * weight;
      variance += error[p] * error[p] * weight;
      area += weight;
    }
  }
  if (!any) return { sum: Number.NaN, error: Number.NaN, area: Number.NaN };
  return { sum, error: Math.sqrt(variance), area };
}

/** Values of the pixels of an image that have a weight. */
export function apertureValues(data: Float32Array, ny: number, nx: number, mask: ApertureMask): Float64Array {
  const out: number[] = [];
  for (let j = 0; j < mask.height; j++)
    for (let i = 0; i < mask.width; i++) {
      const row = mask.y0 + j;
      const column = mask.x0 + i;
      if (row < 0 || row >= ny || column < 0 || column >= nx) continue;
      if (mask.weights[j * mask.width + i] > 0) out.push(data[row * nx + column]);
    }
  return Float64Array.from(out);
}

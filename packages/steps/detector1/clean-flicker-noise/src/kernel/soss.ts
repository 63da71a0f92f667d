/** One spectral order of a SOSS reference. */
export interface SossOrder {
  /** Trace at the commanded position of the pupil wheel: x and y [pixel], in turn. */
  trace: ArrayLike<number>;
  pivot: readonly [number, number];
  /** Coefficients of 1, x, y, x^2, xy, y^2, ... for the wavelength. */
  coefficients: ArrayLike<number>;
  /** Limits that scale x and the offset of the wheel to 0 .. 1: [x min, offset min, x max, offset max]. */
  extents: ArrayLike<number>;
}

/** Half width of a masked trace [pixels]. */
const HALF_WIDTH = 16;
/** Highest row of a trace that counts. */
const HIGHEST = 255;

/** Linear interpolation between points in ascending x; ends are held, or extrapolated. */
function interpolate(x: readonly number[], y: readonly number[], at: number, extrapolate: boolean): number {
  const n = x.length;
  if (!extrapolate && at <= x[0]) return y[0];
  if (!extrapolate && at >= x[n - 1]) return y[n - 1];
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return y[low] + ((y[high] - y[low]) / (x[high] - x[low])) * (at - x[low]);
}

/** Both lists in ascending order of the first. */
function sortBoth(a: readonly number[], b: readonly number[]): [number[], number[]] {
  const order = a.map((_, i) => i).sort((i, j) => a[i] - a[j]);
  return [order.map((i) => a[i]), order.map((i) => b[i])];
}

/** Trace turned about its pivot by `offset` degrees, at its own columns; points above the highest row are left out. */
function turned(order: SossOrder, offset: number, yShift: number): { x: number[]; y: number[] } {
  const n = order.trace.length / 2;
  const x = Array.from({ length: n }, (_, i) => order.trace[2 * i]);
  const y = Array.from({ length: n }, (_, i) => order.trace[2 * i + 1] + yShift);
  const [px, py] = order.pivot;
  const angle = (offset * Math.PI) / 180;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const [rx, ry] = sortBoth(
    x.map((v, i) => c * (v - px) - s * (y[i] - py) + px),
    x.map((v, i) => s * (v - px) + c * (y[i] - py) + py),
  );
  const at = x.map((v) => interpolate(rx, ry, v, true));
  const keep = at.map((v) => v <= HIGHEST);
  return { x: x.filter((_, i) => keep[i]), y: at.filter((_, i) => keep[i]) };
}

/** Wavelength of column x for a pupil wheel offset. */
function wavelength(order: SossOrder, x: number, offset: number): number {
  const e = order.extents;
  const u = (x - e[0]) / (e[2] - e[0]);
  const v = (offset - e[1]) / (e[3] - e[1]);
  let sum = 0;
  for (let i = 0, degree = 0; i < order.coefficients.length; degree++)
    for (let power = 0; power <= degree && i < order.coefficients.length; power++, i++)
      sum += order.coefficients[i] * u ** (degree - power) * v ** power;
  return sum;
}

/**
 * Pixels within 16 rows of the traces of a NIRISS SOSS exposure: 1 where masked.
 * @param offset - pupil wheel position less the commanded one [degree]
 * @param yShift - added to the rows of the reference traces
 * @param grid - wavelengths along which the traces are followed, ascending
 */
export function sossTraceMask(
  orders: readonly SossOrder[],
  offset: number,
  yShift: number,
  grid: readonly number[],
  ny: number,
  nx: number,
): Uint8Array {
  const mask = new Uint8Array(ny * nx);
  for (const order of orders) {
    const { x, y } = turned(order, offset, yShift);
    const wl = x.map((v) => wavelength(order, v, offset));
    const [w, xs] = sortBoth(wl, x);
    const [, ys] = sortBoth(wl, y);
    const [gx, gy] = sortBoth(
      grid.map((g) => interpolate(w, xs, g, true)),
      grid.map((g) => interpolate(w, ys, g, true)),
    );
    for (let column = 0; column < nx; column++) {
      const centre = interpolate(gx, gy, column, false);
      const from = Math.max(0, Math.floor(centre - HALF_WIDTH));
      const to = Math.min(ny - 1, Math.ceil(centre + HALF_WIDTH));
      for (let row = from; row <= to; row++) mask[row * nx + column] = 1;
    }
  }
  return mask;
}

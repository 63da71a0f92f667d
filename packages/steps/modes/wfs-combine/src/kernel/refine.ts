import { planePlan } from "@calwebb/fft";

/** How an offset is measured. */
export interface RefineOptions {
  psf_size: number;
  blur_size: number;
  n_size: number;
}

/** A plane of doubles. */
interface Plane {
  readonly data: Float64Array;
  readonly ny: number;
  readonly nx: number;
}

/** Half-width of the box around the peak whose centroid is the offset. */
const CENTROID = 3;

function cut(p: Plane, y0: number, y1: number, x0: number, x1: number): Plane {
  const [ny, nx] = [Math.max(0, y1 - y0), Math.max(0, x1 - x0)];
  const data = new Float64Array(ny * nx);
  for (let y = 0; y < ny; y++) data.set(p.data.subarray((y + y0) * p.nx + x0, (y + y0) * p.nx + x0 + nx), y * nx);
  return { data, ny, nx };
}

/** Position of element i of an axis whose ends are mirrored, each end value twice. */
function mirrored(i: number, n: number): number {
  const k = ((i % (2 * n)) + 2 * n) % (2 * n);
  return k < n ? k : 2 * n - 1 - k;
}

/** Correlate both axes with a symmetric kernel; edges are mirrored. */
function smooth(p: Plane, kernel: Float64Array): Plane {
  const { ny, nx } = p;
  const half = kernel.length >> 1;
  const rows = new Float64Array(ny * nx);
  const data = new Float64Array(ny * nx);
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++)
      for (let k = -half; k <= half; k++) rows[y * nx + x] += kernel[k + half] * p.data[y * nx + mirrored(x + k, nx)];
  for (let y = 0; y < ny; y++)
    for (let k = -half; k <= half; k++) {
      const from = mirrored(y + k, ny) * nx;
      for (let x = 0; x < nx; x++) data[y * nx + x] += kernel[k + half] * rows[from + x];
    }
  return { data, ny, nx };
}

/** exp(-x² / width) for x = -half .. half, of sum 1. */
function bell(half: number, width: number): Float64Array {
  const out = Float64Array.from({ length: 2 * half + 1 }, (_, i) => Math.exp(-((i - half) ** 2) / width));
  const sum = out.reduce((a, b) => a + b, 0);
  return out.map((v) => v / sum);
}

/** Round, halves to the even number. */
export function nearest(v: number): number {
  const floor = Math.floor(v);
  const rest = v - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/** Centre of the PSF: mean position of the pixels above half of the maximum of the smoothed image, edges left out. */
function centreOf(data: Float32Array, dq: Uint32Array, ny: number, nx: number, size: number): [number, number] {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < data.length; i++)
    if ((dq[i] & 1) === 0) {
      sum += data[i];
      n++;
    }
  const whole = { data: Float64Array.from(data, (v, i) => ((dq[i] & 1) === 0 ? v : sum / n)), ny, nx };
  const soft = cut(smooth(whole, bell(size, size)), size, ny - size, size, nx - size);
  let peak = Number.NEGATIVE_INFINITY;
  for (const v of soft.data) if (v > peak) peak = v;
  let [count, x, y] = [0, 0, 0];
  soft.data.forEach((v, i) => {
    if (v <= 0.5 * peak) return;
    count++;
    x += i % soft.nx;
    y += Math.floor(i / soft.nx);
  });
  return [x / count + size, y / count + size];
}

/**
 * Replace bad pixels by the mean of the nearest neighbours on both sides, along the column, else along the row; in place. As in the
 * reference implementation, whose neighbourhoods end `reach` pixels before the last, those beyond take the nearest value before.
 */
function interpolate({ data, ny, nx }: Plane, dq: Uint32Array, reach: number): void {
  if (reach < 1) return;
  const [lastX, lastY] = [Math.max(0, nx - reach), Math.max(0, ny - reach)];
  for (let i = 0; i < data.length; i++) {
    if ((dq[i] & 1) === 0) continue;
    const [x, y] = [i % nx, Math.floor(i / nx)];
    if (x > lastX || y > lastY) data[i] = data[Math.min(y, lastY) * nx + Math.min(x, lastX)];
    else if (y > 0 && y < ny - 1) data[i] = 0.5 * (data[i - nx] + data[i + nx]);
    else if (x > 0 && x < nx - 1) data[i] = 0.5 * (data[i - 1] + data[i + 1]);
    else if (x === 0) data[i] = data[y > 0 ? i - nx : i + nx];
    else data[i] = data[i - 1];
  }
}

/** All sums of products of `a` moved over `b`, [a.ny + b.ny - 1][a.nx + b.nx - 1]. */
function crossCorrelation(a: Plane, b: Plane): Plane {
  const [ny, nx] = [a.ny + b.ny - 1, a.nx + b.nx - 1];
  const plan = planePlan(ny, nx);
  const spread = (p: Plane, flip: boolean): Float64Array => {
    const out = new Float64Array(2 * ny * nx);
    for (let y = 0; y < p.ny; y++)
      for (let x = 0; x < p.nx; x++)
        out[2 * ((flip ? p.ny - 1 - y : y) * nx + (flip ? p.nx - 1 - x : x))] = p.data[y * p.nx + x];
    plan.forward(out);
    return out;
  };
  const [fa, fb] = [spread(a, false), spread(b, true)];
  for (let i = 0; i < fa.length; i += 2) {
    const re = fa[i] * fb[i] - fa[i + 1] * fb[i + 1];
    fa[i + 1] = fa[i] * fb[i + 1] + fa[i + 1] * fb[i];
    fa[i] = re;
  }
  plan.inverse(fa);
  return { data: Float64Array.from({ length: ny * nx }, (_, i) => fa[2 * i]), ny, nx };
}

/** What is left of an image when it is smoothed with sigma 5 and that is subtracted. */
function sharp(p: Plane): Plane {
  const soft = smooth(p, bell(20, 50));
  return { ...p, data: p.data.map((v, i) => v - soft.data[i]) };
}

/** Offset of two images of the same area: centroid of the box around the peak of their cross correlation. */
function measure(a: Plane, b: Plane): [number, number] {
  const cross = crossCorrelation(sharp(b), sharp(a));
  let peak = 0;
  for (let i = 1; i < cross.data.length; i++) if (cross.data[i] > cross.data[peak]) peak = i;
  const [py, px] = [Math.floor(peak / cross.nx), peak % cross.nx];
  let [sum, x, y] = [0, 0, 0];
  for (let dy = -CENTROID; dy <= CENTROID; dy++)
    for (let dx = -CENTROID; dx <= CENTROID; dx++) {
      const v = cross.data[(py + dy) * cross.nx + px + dx];
      sum += v;
      x += v * dx;
      y += v * dy;
    }
  return [px - a.nx + 1 + x / sum, py - a.ny + 1 + y / sum];
}

/** Range of an axis that two images shifted by `offset` have in common: start in the first, start in the second, length. */
function common(offset: number, n: number): [number, number, number] {
  return [Math.max(0, -offset), Math.max(0, offset), Math.max(0, n - Math.abs(offset))];
}

/**
 * How much the offset between two images differs from the nominal one.
 * @param first - SCI and DQ of the image that stays; bad pixels are those flagged DO_NOT_USE
 * @param offset - nominal offset (x, y) of the second image [pixel], whole numbers
 * @returns change of x and y, or undefined when the images have nothing in common or there is no peak to measure
 */
export function refineOffset(
  first: { data: Float32Array; dq: Uint32Array },
  second: { data: Float32Array; dq: Uint32Array },
  ny: number,
  nx: number,
  offset: readonly [number, number],
  { psf_size, blur_size, n_size }: RefineOptions,
): [number, number] | undefined {
  const [cx, cy] = centreOf(first.data, first.dq, ny, nx, blur_size);
  if (!Number.isFinite(cx + cy)) return undefined;
  const [x0, y0] = [nearest(Math.max(0, cx - psf_size)), nearest(Math.max(0, cy - psf_size))];
  const [x1, y1] = [nearest(Math.min(nx, cx + psf_size)), nearest(Math.min(ny, cy + psf_size))];
  const [a, b] = [first, second].map(({ data, dq }) => {
    const part = cut({ data: Float64Array.from(data), ny, nx }, y0, y1, x0, x1);
    interpolate(part, Uint32Array.from(cut({ data: Float64Array.from(dq), ny, nx }, y0, y1, x0, x1).data), n_size);
    return part;
  });
  const [ax, bx, width] = common(offset[0], a.nx);
  const [ay, by, height] = common(offset[1], a.ny);
  if (!(width > 1 && height > 1)) return undefined;
  const middle = (n: number): [number, number] => {
    const centre = n / 2 + 1;
    return [Math.trunc(Math.max(0, centre - psf_size)), Math.trunc(Math.min(n - 1, centre + psf_size))];
  };
  const [left, right] = middle(width);
  const [low, high] = middle(height);
  const change = measure(
    cut(a, ay + low, ay + high, ax + left, ax + right),
    cut(b, by + low, by + high, bx + left, bx + right),
  );
  return Number.isFinite(change[0] + change[1]) ? change : undefined;
}

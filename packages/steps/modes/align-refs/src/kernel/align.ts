import { defineTask, type Task } from "@calwebb/array";
import { leastSquares } from "@calwebb/minimise";
import { type Shifter, shifter } from "./shifter.js";
import { type SingleShifter, singleShifter } from "./single.js";

/** Images of reference PSFs start..end and the target image they are aligned with; all row-major. */
export interface AlignArgs {
  /** [ny][nx], without NaN. */
  target: Float32Array;
  /** [npsfs][ny][nx], without NaN; not changed. */
  psfs: Float32Array;
  /** [npsfs][ny][nx] or null; not changed. */
  errs: Float32Array | null;
  /** [ny][nx]: weight of each pixel in the fit. */
  mask: Float32Array;
  /** [npsfs][ny][nx]; receives the aligned images. */
  outData: Float32Array;
  /** [npsfs][ny][nx] or null. */
  outErr: Float32Array | null;
  /** [npsfs][3]; receives what was found: how far the PSF is from the target in x and y [pixel], and the ratio of their brightness. */
  shifts: Float64Array;
  /** Fit and move with transforms in float32, with numerical derivatives. */
  single: boolean;
  ny: number;
  nx: number;
  start: number;
  end: number;
}

/**
 * How far `psf` is from the target: (dx, dy, beta) that minimise the sum over pixels of ((psf - beta target(x - dx, y - dy)) mask)²,
 * from (0, 0, 1).
 */
function findShift(images: Shifter, transformed: Float64Array, psf: Float32Array, mask: Float32Array): Float64Array {
  const n = psf.length;
  const moved = new Float64Array(n);
  const alongX = new Float64Array(n);
  const alongY = new Float64Array(n);
  let [lastX, lastY] = [Number.NaN, Number.NaN];
  const move = (x: Float64Array): void => {
    if (x[0] === lastX && x[1] === lastY) return;
    images.shift(transformed, x[0], x[1], moved);
    [lastX, lastY] = [x[0], x[1]];
  };
  const fit = leastSquares(
    (x, out) => {
      move(x);
      for (let i = 0; i < n; i++) out[i] = (psf[i] - x[2] * moved[i]) * mask[i];
    },
    [0, 0, 1],
    n,
    {
      ftol: 1e-15,
      xtol: 1e-15,
      jacobian: (x, out) => {
        move(x);
        images.slopes(transformed, x[0], x[1], alongX, alongY);
        for (let i = 0; i < n; i++) {
          const weight = -x[2] * mask[i];
          out[i] = weight * alongX[i];
          out[n + i] = weight * alongY[i];
          out[2 * n + i] = -moved[i] * mask[i];
        }
      },
    },
  );
  return fit.x;
}

/**
 * The same with transforms in float32 and numerical derivatives, as the reference implementation does it. These derivatives are mostly
 * rounding noise, so the fit ends near its start, and where it ends depends on how every operation rounds.
 */
function findShiftSingle(
  images: SingleShifter,
  transformed: Float32Array,
  psf: Float32Array,
  mask: Float32Array,
): Float64Array {
  const n = psf.length;
  const moved = new Float32Array(n);
  const fit = leastSquares(
    (x, out) => {
      images.shift(transformed, x[0], x[1], moved);
      for (let i = 0; i < n; i++) out[i] = (psf[i] - x[2] * moved[i]) * mask[i];
    },
    [0, 0, 1],
    n,
    { ftol: 1e-15, xtol: 1e-15 },
  );
  return fit.x;
}

/** Find the shifts of the images start..end and move them, and their errors, into place. */
export function alignImages(a: AlignArgs): void {
  const { ny, nx } = a;
  const n = ny * nx;
  const { find, move } = a.single ? inSingle(a.target, a.mask, ny, nx) : inDouble(a.target, a.mask, ny, nx);
  for (let k = a.start; k < a.end; k++) {
    const image = (of: Float32Array): Float32Array => of.subarray(k * n, (k + 1) * n);
    const found = find(image(a.psfs));
    a.shifts.set(found, 3 * k);
    move(image(a.psfs), -found[0], -found[1], image(a.outData));
    if (a.errs !== null && a.outErr !== null) move(image(a.errs), -found[0], -found[1], image(a.outErr));
  }
}

/** How the shifts of images are found and how the images are moved. */
interface Aligner {
  find(psf: Float32Array): Float64Array;
  move(image: Float32Array, dx: number, dy: number, out: Float32Array): void;
}

function inDouble(target: Float32Array, mask: Float32Array, ny: number, nx: number): Aligner {
  const images = shifter(ny, nx);
  const transformed = images.transform(target);
  const moved = new Float64Array(ny * nx);
  return {
    find: (psf) => findShift(images, transformed, psf, mask),
    move: (image, dx, dy, out) => {
      images.shift(images.transform(image), dx, dy, moved);
      out.set(moved);
    },
  };
}

function inSingle(target: Float32Array, mask: Float32Array, ny: number, nx: number): Aligner {
  const images = singleShifter(ny, nx);
  const transformed = images.transform(target);
  return {
    find: (psf) => findShiftSingle(images, transformed, psf, mask),
    move: (image, dx, dy, out) => images.shift(images.transform(image), dx, dy, out),
  };
}

/** {@link alignImages} for the executor. */
export const alignImagesTask: Task<AlignArgs, void> = defineTask(import.meta.url, "alignImages", alignImages);

import { type FftPlan, fftPlan } from "./plan.js";

/** A complex transform of a plane of `ny` rows of `nx` values; real and imaginary parts in turn, row-major, 2 ny nx elements. */
export interface PlanePlan {
  readonly ny: number;
  readonly nx: number;
  /** Transform in place, as `numpy.fft.fft2`. */
  forward(data: Float64Array): void;
  /** Transform back in place, as `numpy.fft.ifft2`. */
  inverse(data: Float64Array): void;
}

/** Columns that are transformed one after the other after having been read together, row by row. */
const BLOCK = 8;

/**
 * Plan transforms of a plane. A plan owns scratch memory: it must not be used by two callers at the same time.
 * @throws {RangeError} when a side is not a positive integer
 */
export function planePlan(ny: number, nx: number): PlanePlan {
  const rows = fftPlan(nx);
  const columns = fftPlan(ny);
  const row = new Float64Array(2 * nx);
  const block = new Float64Array(2 * ny * BLOCK);
  const out = new Float64Array(2 * ny);
  const run = (data: Float64Array, along: (plan: FftPlan, out: Float64Array, input: Float64Array) => void): void => {
    for (let y = 0; y < ny; y++) {
      const place = data.subarray(2 * nx * y, 2 * nx * (y + 1));
      row.set(place);
      along(rows, place, row);
    }
    for (let x = 0; x < nx; x += BLOCK) {
      const width = Math.min(BLOCK, nx - x);
      for (let y = 0; y < ny; y++)
        for (let b = 0; b < width; b++) {
          const from = 2 * (y * nx + x + b);
          const to = 2 * (b * ny + y);
          block[to] = data[from];
          block[to + 1] = data[from + 1];
        }
      for (let b = 0; b < width; b++) {
        along(columns, out, block.subarray(2 * ny * b, 2 * ny * (b + 1)));
        for (let y = 0; y < ny; y++) {
          const to = 2 * (y * nx + x + b);
          data[to] = out[2 * y];
          data[to + 1] = out[2 * y + 1];
        }
      }
    }
  };
  return {
    ny,
    nx,
    forward: (data) => run(data, (plan, to, from) => plan.forward(to, from)),
    inverse: (data) => run(data, (plan, to, from) => plan.inverse(to, from)),
  };
}

import { lineTransform } from "./passes.js";

/** Shifts images of one size with the rounding of numpy's transforms of float32 images. */
export interface SingleShifter {
  transform(image: Float32Array): Float32Array;
  /** The image moved by (dx, dy) pixels; what leaves on one side enters on the other. */
  shift(transformed: Float32Array, dx: number, dy: number, out: Float32Array): void;
}

/** Phase of every frequency of an axis for a shift [radian]. */
function phases(n: number, shift: number, out: Float64Array): void {
  const slope = (-2 * Math.PI * shift) / n;
  for (let k = 0; k < n; k++) out[k] = slope * (k < (n + 1) >> 1 ? k : k - n);
}

/** Transform rows, then columns, in place; `line` transforms one of them in place. */
function plane(
  data: Float32Array,
  ny: number,
  nx: number,
  [row, alongX]: readonly [Float64Array, (line: Float64Array) => void],
  [column, alongY]: readonly [Float64Array, (line: Float64Array) => void],
): void {
  for (let y = 0; y < ny; y++) {
    const place = data.subarray(2 * y * nx, 2 * (y + 1) * nx);
    row.set(place);
    alongX(row);
    place.set(row);
  }
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      column[2 * y] = data[2 * (y * nx + x)];
      column[2 * y + 1] = data[2 * (y * nx + x) + 1];
    }
    alongY(column);
    for (let y = 0; y < ny; y++) {
      data[2 * (y * nx + x)] = column[2 * y];
      data[2 * (y * nx + x) + 1] = column[2 * y + 1];
    }
  }
}

/** A transform in double precision, of a line that numpy rounds when it stores it. */
function forward(n: number): [Float64Array, (line: Float64Array) => void] {
  const transform = lineTransform(n, false);
  const conjugate = (line: Float64Array): void => {
    for (let i = 1; i < line.length; i += 2) line[i] = -line[i];
  };
  return [
    new Float64Array(2 * n),
    (line) => {
      conjugate(line);
      transform(line);
      conjugate(line);
    },
  ];
}

function inverse(n: number): [Float64Array, (line: Float64Array) => void] {
  return [new Float64Array(2 * n), lineTransform(n, true, Math.fround(1 / n))];
}

/**
 * A {@link SingleShifter} for images of ny x nx pixels; it owns scratch memory. numpy transforms forwards in double precision, rounded to
 * complex64 after each axis, and backwards in single precision.
 */
export function singleShifter(ny: number, nx: number): SingleShifter {
  const [forwardX, forwardY] = [forward(nx), forward(ny)];
  const [inverseX, inverseY] = [inverse(nx), inverse(ny)];
  const work = new Float32Array(2 * ny * nx);
  const [px, py] = [new Float64Array(nx), new Float64Array(ny)];
  return {
    transform: (image) => {
      const out = new Float32Array(2 * ny * nx);
      for (let i = 0; i < image.length; i++) out[2 * i] = image[i];
      plane(out, ny, nx, forwardX, forwardY);
      return out;
    },
    shift: (transformed, dx, dy, out) => {
      phases(nx, dx, px);
      phases(ny, dy, py);
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++) {
          const phase = py[y] + px[x];
          const c = Math.cos(phase);
          const s = Math.sin(phase);
          const at = 2 * (y * nx + x);
          work[at] = transformed[at] * c - transformed[at + 1] * s;
          work[at + 1] = transformed[at] * s + transformed[at + 1] * c;
        }
      plane(work, ny, nx, inverseX, inverseY);
      for (let i = 0; i < out.length; i++) out[i] = work[2 * i];
    },
  };
}

import type { Runs } from "./runs.js";
import { shapeKernel } from "./simd.js";
import { sinCos } from "./sincos.js";

/** Nearest integer, halves to the even one. */
export function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest < 0.5) return low;
  if (rest > 0.5) return low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/**
 * Runs of the pixels inside an ellipse around the pixel nearest to (x, y), clipped to an image.
 * @param rowAxis - full axis [pixels] that lies along rows (axis 0) at angle 0; half of it is rounded to whole pixels
 * @param columnAxis - the other full axis
 * @param angle - rotation [degree]
 * @param ny, nx - size of the image
 * @param runs - the runs, one a row, are added to them
 * @param wasm - false: without the WASM kernel; the runs are the same
 */
export function ellipseRuns(
  y: number,
  x: number,
  rowAxis: number,
  columnAxis: number,
  angle: number,
  ny: number,
  nx: number,
  runs: Runs,
  wasm = true,
): void {
  const cy = roundHalfEven(y);
  const cx = roundHalfEven(x);
  const a = roundHalfEven(rowAxis / 2);
  const b = roundHalfEven(columnAxis / 2);
  if (a === 0 || b === 0) return;
  let turn = (angle * (Math.PI / 180)) % Math.PI;
  if (turn < 0) turn += Math.PI;
  const { sin, cos } = sinCos(turn);
  const kernel = wasm ? shapeKernel() : undefined;
  if (kernel !== undefined) {
    const most = ny + 1;
    kernel.reserve(3 * most, 0);
    const { at, exports, ints } = kernel;
    const step = 4 * most;
    const n = exports.ellipse(cy, cx, a, b, sin, cos, ny, nx, at, at + step, at + 2 * step);
    runs.append(ints, ints.subarray(most), ints.subarray(2 * most), n);
    return;
  }
  // What is looked at: a box, and in it the reach of the ellipse; a negative axis, of a region thinner than a pixel, narrows both.
  const box = Math.max(a, b) + 2;
  const reachY = Math.abs(a * cos) + b * sin;
  const reachX = a * sin + Math.abs(b * cos);
  // Offsets from the centre. How near it is to the edge of the box decides how the sums round.
  const ty = Math.min(box, cy);
  const tx = Math.min(box, cx);
  const top = Math.max(Math.ceil(ty - reachY), 0) - ty;
  const bottom = Math.min(Math.floor(ty + reachY) - ty, box, ny - 1 - cy);
  const left = Math.max(Math.ceil(tx - reachX), 0) - tx;
  const right = Math.min(Math.floor(tx + reachX) - tx, box, nx - 1 - cx);
  const inside = (dy: number, dx: number): boolean => {
    const u = (dy * cos + dx * sin) / a;
    const v = (dy * sin - dx * cos) / b;
    return u * u + v * v < 1;
  };
  // A row is inside where square dx^2 + 2 mixed dx + rest < 0.
  const square = (sin / a) ** 2 + (cos / b) ** 2;
  const slope = sin * cos * (1 / (a * a) - 1 / (b * b));
  const own = (cos / a) ** 2 + (sin / b) ** 2;
  for (let dy = top; dy <= bottom; dy++) {
    const mixed = dy * slope;
    const half = Math.sqrt(Math.max(0, mixed * mixed - square * (dy * dy * own - 1))) / square;
    // What is more than a pixel from the rim is safe from rounding; near it the pixels decide one by one.
    const first = Math.max(Math.floor(-mixed / square - half) - 1, left);
    const last = Math.min(Math.ceil(-mixed / square + half) + 1, right);
    let from = first;
    while (from <= last && !inside(dy, from)) from++;
    let to = last;
    while (to >= from && !inside(dy, to)) to--;
    if (from <= to) runs.addRun(cy + dy, cx + from, cx + to + 1);
  }
}

import { sinCos } from "./exact.js";

/** Pixels of an ellipse inside a box: rows [y1, y2), columns [x1, x2), mask row-major with 1 inside. */
export interface EllipseMask {
  y1: number;
  y2: number;
  x1: number;
  x2: number;
  mask: Uint8Array;
}

/** Nearest integer, halves to the even one. */
export function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest < 0.5) return low;
  if (rest > 0.5) return low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/**
 * Pixels inside an ellipse around the pixel nearest to (x, y), clipped to an image.
 * @param rowAxis - full axis [pixels] that lies along rows (axis 0) at angle 0; half of it is rounded to whole pixels
 * @param columnAxis - the other full axis
 * @param angle - rotation [degree]
 * @param ny, nx - size of the image
 */
export function ellipseMask(
  y: number,
  x: number,
  rowAxis: number,
  columnAxis: number,
  angle: number,
  ny: number,
  nx: number,
): EllipseMask {
  const cy = roundHalfEven(y);
  const cx = roundHalfEven(x);
  const a = roundHalfEven(rowAxis / 2);
  const b = roundHalfEven(columnAxis / 2);
  const reach = Math.max(a, b) + 2;
  const x1 = Math.max(cx - reach, 0);
  const x2 = Math.min(cx + reach + 1, nx);
  const y1 = Math.max(cy - reach, 0);
  const y2 = Math.min(cy + reach + 1, ny);
  const width = Math.max(0, x2 - x1);
  const height = Math.max(0, y2 - y1);
  const mask = new Uint8Array(width * height);
  const out = { y1, y2, x1, x2, mask };
  if (a === 0 || b === 0) return out;
  let turn = (angle * (Math.PI / 180)) % Math.PI;
  if (turn < 0) turn += Math.PI;
  const { sin, cos } = sinCos(turn);
  const reachY = Math.abs(a * cos) + b * sin;
  const reachX = a * sin + Math.abs(b * cos);
  const top = Math.max(Math.ceil(cy - y1 - reachY), 0);
  const bottom = Math.min(Math.floor(cy - y1 + reachY), height - 1);
  const left = Math.max(Math.ceil(cx - x1 - reachX), 0);
  const right = Math.min(Math.floor(cx - x1 + reachX), width - 1);
  for (let r = top; r <= bottom; r++) {
    const dy = r - (cy - y1);
    for (let c = left; c <= right; c++) {
      const dx = c - (cx - x1);
      const u = (dy * cos + dx * sin) / a;
      const v = (dy * sin - dx * cos) / b;
      if (u * u + v * v < 1) mask[r * width + c] = 1;
    }
  }
  return out;
}

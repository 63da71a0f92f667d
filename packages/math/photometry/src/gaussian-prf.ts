import type { Box } from "./centroid.js";
import { erf } from "./erf.js";

/** Standard deviation of a Gaussian in terms of its full width at half maximum. */
export const FWHM_TO_SIGMA: number = 1 / (2 * Math.sqrt(2 * Math.log(2)));

/** A Gaussian integrated over pixels. */
export interface GaussianFit {
  flux: number;
  sigmaX: number;
  sigmaY: number;
}

const MOST_STEPS = 200;
const PRECISE = 1e-10;

/** Integral of a unit Gaussian over [d - 0.5, d + 0.5], and its derivative with respect to sigma. */
function pixelIntegral(d: number, sigma: number): [number, number] {
  const a = (d + 0.5) / (Math.SQRT2 * sigma);
  const b = (d - 0.5) / (Math.SQRT2 * sigma);
  const slope = (-1 / (Math.sqrt(Math.PI) * sigma)) * (a * Math.exp(-a * a) - b * Math.exp(-b * b));
  return [0.5 * (erf(a) - erf(b)), slope];
}

/** Solve m p = v for a positive definite 3 x 3 matrix; undefined when it is not. */
function solve(m: Float64Array, v: Float64Array): [number, number, number] | undefined {
  const [a, b, c, , d, e, , , f] = m;
  const det = a * (d * f - e * e) - b * (b * f - e * c) + c * (b * e - d * c);
  if (!(det > 0)) return undefined;
  const [x, y, z] = v;
  return [
    ((d * f - e * e) * x + (c * e - b * f) * y + (b * e - c * d) * z) / det,
    ((c * e - b * f) * x + (a * f - c * c) * y + (b * c - a * e) * z) / det,
    ((b * e - c * d) * x + (b * c - a * e) * y + (a * d - b * b) * z) / det,
  ];
}

/**
 * Least-squares fit of flux and widths of an elliptical Gaussian integrated over pixels, at a fixed centre. Levenberg-Marquardt;
 * the flux stays positive, widths (FWHM) stay between 0 and `size`.
 * @param bad - 1 for pixels to leave out
 * @param level - subtracted from the image
 * @param size - side of the box [pixels]; half of it is the first guess of the FWHM
 * @returns undefined with fewer than four usable pixels
 */
export function fitGaussianPrf(
  data: Float32Array,
  bad: Uint8Array,
  nx: number,
  box: Box,
  level: number,
  x: number,
  y: number,
  size: number,
): GaussianFit | undefined {
  const width = box.x1 - box.x0;
  const height = box.y1 - box.y0;
  let flux = 0;
  let count = 0;
  for (let j = box.y0; j < box.y1; j++)
    for (let i = box.x0; i < box.x1; i++)
      if (bad[j * nx + i] === 0) {
        flux += data[j * nx + i] - level;
        count++;
      }
  if (count < 4) return undefined;
  const largest = size * FWHM_TO_SIGMA;
  let p: [number, number, number] = [Math.max(flux, 0), largest / 2, largest / 2];
  const scale = Math.abs(flux) || 1;
  const fx = new Float64Array(2 * width);
  const fy = new Float64Array(2 * height);
  const normal = new Float64Array(9);
  const gradient = new Float64Array(3);
  /** Sum of squares at q; fills the normal equations (flux in units of `scale`) when asked. */
  const evaluate = (q: readonly number[], fill: boolean): number => {
    for (let i = 0; i < width; i++) [fx[2 * i], fx[2 * i + 1]] = pixelIntegral(box.x0 + i - x, q[1]);
    for (let j = 0; j < height; j++) [fy[2 * j], fy[2 * j + 1]] = pixelIntegral(box.y0 + j - y, q[2]);
    if (fill) {
      normal.fill(0);
      gradient.fill(0);
    }
    let chi2 = 0;
    for (let j = 0; j < height; j++)
      for (let i = 0; i < width; i++) {
        const at = (box.y0 + j) * nx + box.x0 + i;
        if (bad[at] !== 0) continue;
        const shape = fx[2 * i] * fy[2 * j];
        const r = (data[at] - level - q[0] * shape) / scale;
        chi2 += r * r;
        if (!fill) continue;
        const d0 = shape;
        const d1 = (q[0] / scale) * fx[2 * i + 1] * fy[2 * j];
        const d2 = (q[0] / scale) * fx[2 * i] * fy[2 * j + 1];
        normal[0] += d0 * d0;
        normal[1] += d0 * d1;
        normal[2] += d0 * d2;
        normal[4] += d1 * d1;
        normal[5] += d1 * d2;
        normal[8] += d2 * d2;
        gradient[0] += d0 * r;
        gradient[1] += d1 * r;
        gradient[2] += d2 * r;
      }
    return chi2;
  };
  let damping = 1e-3;
  let chi2 = evaluate(p, true);
  for (let step = 0; step < MOST_STEPS; step++) {
    const m = normal.slice();
    for (const k of [0, 4, 8]) m[k] += damping * normal[k] + 1e-300;
    const move = solve(m, gradient);
    if (!move) break;
    const q: [number, number, number] = [
      Math.max(0, p[0] + move[0] * scale),
      Math.min(largest, Math.max(1e-6, p[1] + move[1])),
      Math.min(largest, Math.max(1e-6, p[2] + move[2])),
    ];
    const trial = evaluate(q, false);
    if (trial <= chi2) {
      const change = Math.max(Math.abs(q[0] - p[0]) / scale, Math.abs(q[1] - p[1]), Math.abs(q[2] - p[2]));
      p = q;
      chi2 = evaluate(p, true);
      damping = Math.max(damping / 10, 1e-12);
      if (change < PRECISE) break;
    } else {
      damping *= 10;
      if (damping > 1e12) break;
    }
  }
  return { flux: p[0], sigmaX: p[1], sigmaY: p[2] };
}

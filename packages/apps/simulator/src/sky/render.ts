import { erf } from "@calwebb/photometry";
import { PIXEL_VARIANCE, type Psf } from "../optics/psf.js";

/** An image to draw on: values [ny, nx], pixel centres at integers. */
export interface Picture {
  readonly data: Float32Array;
  readonly nx: number;
  readonly ny: number;
}

/** How many standard deviations of each Gaussian are drawn; a ten thousandth of the light lies outside. */
const REACH = 4.5;

/** Share of a Gaussian in each pixel along one axis, exactly; out[i] belongs to pixel low + i. */
function shares(centre: number, sigma: number, low: number, high: number): Float64Array {
  const edge = (k: number): number => erf((k - 0.5 - centre) / (Math.SQRT2 * sigma));
  const out = new Float64Array(high - low + 1);
  let before = edge(low);
  for (let k = low; k <= high; k++) {
    const after = edge(k + 1);
    out[k - low] = (after - before) / 2;
    before = after;
  }
  return out;
}

/** Add a star of a total flux, integrated over every pixel. */
export function addPoint({ data, nx, ny }: Picture, x: number, y: number, flux: number, psf: Psf): void {
  psf.weights.forEach((weight, k) => {
    const sigma = psf.sigmas[k];
    const reach = REACH * sigma + 0.5;
    const [x0, x1] = [Math.max(0, Math.ceil(x - reach)), Math.min(nx - 1, Math.floor(x + reach))];
    const [y0, y1] = [Math.max(0, Math.ceil(y - reach)), Math.min(ny - 1, Math.floor(y + reach))];
    if (!(x1 >= x0 && y1 >= y0)) return;
    const [sx, sy] = [shares(x, sigma, x0, x1), shares(y, sigma, y0, y1)];
    for (let py = y0; py <= y1; py++) {
      const row = weight * flux * sy[py - y0];
      for (let px = x0; px <= x1; px++) data[py * nx + px] += row * sx[px - x0];
    }
  });
}

/** Covariance of a tilted Gaussian [pixel^2]. */
export interface Covariance {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** Add a tilted Gaussian of a total flux; the integral over a pixel is that of a Gaussian widened by the pixel. */
function addGaussian({ data, nx, ny }: Picture, x: number, y: number, flux: number, c: Covariance): void {
  const [xx, yy] = [c.xx + PIXEL_VARIANCE, c.yy + PIXEL_VARIANCE];
  const determinant = xx * yy - c.xy * c.xy;
  const peak = flux / (2 * Math.PI * Math.sqrt(determinant));
  const [rx, ry] = [REACH * Math.sqrt(xx), REACH * Math.sqrt(yy)];
  const [x0, x1] = [Math.max(0, Math.ceil(x - rx)), Math.min(nx - 1, Math.floor(x + rx))];
  const [y0, y1] = [Math.max(0, Math.ceil(y - ry)), Math.min(ny - 1, Math.floor(y + ry))];
  for (let py = y0; py <= y1; py++)
    for (let px = x0; px <= x1; px++) {
      const [dx, dy] = [px - x, py - y];
      const q = (yy * dx * dx - 2 * c.xy * dx * dy + xx * dy * dy) / determinant;
      data[py * nx + px] += peak * Math.exp(-0.5 * q);
    }
}

/**
 * Galaxies as sums of Gaussians: amplitude and variance in units of the effective radius, of the exponential (n = 1) and the de Vaucouleurs
 * profile (n = 4), cut where nothing is seen any more (Hogg & Lang 2013, PASP 125, 719).
 */
const PROFILES: Readonly<Record<1 | 4, readonly (readonly [number, number])[]>> = {
  1: [
    [2.34853813e-3, 1.20078965e-3],
    [3.0799526e-2, 8.84526493e-3],
    [2.23364214e-1, 3.91463084e-2],
    [1.17949102, 1.39976817e-1],
    [4.3387375, 4.609625e-1],
    [5.9982077, 1.50159566],
  ],
  4: [
    [4.26347652e-2, 2.23759216e-4],
    [2.40127183e-1, 1.00220099e-3],
    [6.85907632e-1, 4.18731126e-3],
    [1.5193735, 1.69432589e-2],
    [2.83627243, 6.84850479e-2],
    [4.46467501, 2.8720708e-1],
    [5.7244083, 1.33320254],
    [5.60989349, 8.40215071],
  ],
};

/** Shares of the flux and variances [effective radius^2] of a galaxy's profile. */
export function profileOf(sersic: 1 | 4): { share: number; variance: number }[] {
  const total = PROFILES[sersic].reduce((sum, [amplitude]) => sum + amplitude, 0);
  return PROFILES[sersic].map(([amplitude, variance]) => ({ share: amplitude / total, variance }));
}

/**
 * Add a galaxy of a total flux, seen through a PSF.
 * @param shape - covariance of a Gaussian whose standard deviation is the effective radius along each axis of the galaxy
 */
export function addGalaxy(
  picture: Picture,
  x: number,
  y: number,
  flux: number,
  sersic: 1 | 4,
  shape: Covariance,
  psf: Psf,
): void {
  for (const { share, variance } of profileOf(sersic))
    psf.weights.forEach((weight, k) => {
      const round = psf.sigmas[k] ** 2;
      addGaussian(picture, x, y, flux * share * weight, {
        xx: variance * shape.xx + round,
        xy: variance * shape.xy,
        yy: variance * shape.yy + round,
      });
    });
}

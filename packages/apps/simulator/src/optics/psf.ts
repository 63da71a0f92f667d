/**
 * The image of a star: a sum of round Gaussians, core and wings, whose widths grow with the wavelength. Flux, encircled energy and the
 * integral over a pixel are known exactly. Core and wings follow the encircled energy of the telescope to a few percent.
 */
export interface Psf {
  /** Shares of the flux; their sum is 1. */
  readonly weights: readonly number[];
  /** Standard deviations [pixel]. */
  readonly sigmas: readonly number[];
}

/** Share and standard deviation [wavelength / mirror diameter]. */
const COMPONENTS = [
  [0.7, 0.42],
  [0.18, 1.1],
  [0.09, 2.8],
  [0.03, 7],
] as const;

/** Diameter of the mirror [m]. */
const DIAMETER = 6.5;
const ARCSEC = (180 / Math.PI) * 3600;

/** One wavelength / mirror diameter [arcsec]. */
export const resolution = (wavelength: number): number => ((wavelength * 1e-6) / DIAMETER) * ARCSEC;

/**
 * @param wavelength - [um]
 * @param scale - [arcsec/pixel]
 */
export function psfOf(wavelength: number, scale: number): Psf {
  const unit = resolution(wavelength) / scale;
  return { weights: COMPONENTS.map(([w]) => w), sigmas: COMPONENTS.map(([, s]) => s * unit) };
}

/** The variance that collecting light in a square pixel adds [pixel^2]. */
export const PIXEL_VARIANCE: number = 1 / 12;

/**
 * Share of the flux in a circle.
 * @param radius - [pixel]
 * @param pixels - how often light is averaged over a pixel before it is summed: twice on the detector, by its pixel and by a sum that takes
 *   pixels as uniform
 */
export function encircledEnergy({ weights, sigmas }: Psf, radius: number, pixels: number): number {
  const extra = pixels * PIXEL_VARIANCE;
  return weights.reduce(
    (sum, w, k) => sum + w * -Math.expm1((-0.5 * radius * radius) / (sigmas[k] * sigmas[k] + extra)),
    0,
  );
}

/** The circle that holds a share of the flux, 0 < share < 1 [pixel]. */
export function encirclingRadius(psf: Psf, share: number, pixels: number): number {
  let [low, high] = [0, 12 * Math.max(...psf.sigmas)];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (encircledEnergy(psf, middle, pixels) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Full width at half maximum on the detector [pixel]. */
export function fullWidth({ weights, sigmas }: Psf): number {
  const profile = (r: number): number =>
    weights.reduce((sum, w, k) => {
      const v = sigmas[k] * sigmas[k] + PIXEL_VARIANCE;
      return sum + (w / v) * Math.exp((-0.5 * r * r) / v);
    }, 0);
  const half = profile(0) / 2;
  let [low, high] = [0, 4 * Math.max(...sigmas)];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (profile(middle) > half) low = middle;
    else high = middle;
  }
  return low + high;
}

import type { Random } from "@calwebb/rng";

/** A field of stars and galaxies over a background. */
export interface Field {
  /** Sky background [e-/s/pixel]. */
  background: number;
  /** Stars per megapixel. */
  stars: number;
  /** Galaxies per megapixel. */
  galaxies: number;
  /** Full width at half maximum of a star [pixel]. */
  fwhm: number;
}

export const DEEP_FIELD: Readonly<Field> = { background: 0.8, stars: 300, galaxies: 200, fwhm: 2.1 };

/**
 * Draw an image of a field.
 * @returns photons that arrive [e-/s], [ny, nx]
 */
export function drawField(nx: number, ny: number, field: Readonly<Field>, random: Random): Float32Array {
  const image = new Float32Array(nx * ny).fill(field.background);
  const megapixels = (nx * ny) / 1e6;
  const stars = Math.max(3, random.poisson(field.stars * megapixels));
  for (let k = 0; k < stars; k++) {
    const flux = 40 * random.uniform() ** -1.3;
    addStar(image, nx, ny, random.uniform() * nx, random.uniform() * ny, Math.min(flux, 3e5), field.fwhm);
  }
  const galaxies = Math.max(1, random.poisson(field.galaxies * megapixels));
  for (let k = 0; k < galaxies; k++) addGalaxy(image, nx, ny, random);
  return image;
}

/** A Moffat star (beta 2.5) of a total flux. */
export function addStar(
  image: Float32Array,
  nx: number,
  ny: number,
  x: number,
  y: number,
  flux: number,
  fwhm: number,
): void {
  const beta = 2.5;
  const alpha = fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));
  const peak = (flux * (beta - 1)) / (Math.PI * alpha * alpha);
  // Out to where the wing falls below a hundredth of an electron per second.
  const radius = Math.min(200, Math.ceil(alpha * Math.sqrt(Math.max(1, (peak / 0.01) ** (1 / beta) - 1))));
  for (let py = Math.max(0, Math.floor(y - radius)); py <= Math.min(ny - 1, y + radius); py++)
    for (let px = Math.max(0, Math.floor(x - radius)); px <= Math.min(nx - 1, x + radius); px++) {
      const r2 = (px - x) ** 2 + (py - y) ** 2;
      image[py * nx + px] += peak * (1 + r2 / (alpha * alpha)) ** -beta;
    }
}

/** An inclined exponential disc. */
function addGalaxy(image: Float32Array, nx: number, ny: number, random: Random): void {
  const x = random.uniform() * nx;
  const y = random.uniform() * ny;
  const scale = 2 + 6 * random.uniform();
  const axis = 0.3 + 0.7 * random.uniform();
  const angle = Math.PI * random.uniform();
  const flux = Math.min(60 * random.uniform() ** -1.1, 2e4);
  const peak = flux / (2 * Math.PI * scale * scale * axis);
  const radius = Math.ceil(scale * 7);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  for (let py = Math.max(0, Math.floor(y - radius)); py <= Math.min(ny - 1, y + radius); py++)
    for (let px = Math.max(0, Math.floor(x - radius)); px <= Math.min(nx - 1, x + radius); px++) {
      const u = (px - x) * cos + (py - y) * sin;
      const v = (-(px - x) * sin + (py - y) * cos) / axis;
      image[py * nx + px] += peak * Math.exp(-Math.hypot(u, v) / scale);
    }
}

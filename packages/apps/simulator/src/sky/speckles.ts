import type { Random } from "@calwebb/rng";
import type { Psf } from "../optics/psf.js";
import { addPoint, type Picture } from "./render.js";

/** A spot of starlight that the mask lets through. */
interface Speckle {
  /** Place about the star [pixel]. */
  readonly x: number;
  readonly y: number;
  /** Share of the star's flux. */
  readonly share: number;
}

/** What of a star passes a coronagraph. */
export const LEAK = 0.012;

const COUNT = 160;
/** Innermost and outermost speckles [standard deviations of the PSF's core]. */
const [INNER, OUTER] = [4, 36];

/**
 * The speckles of a telescope in one state of its mirrors: fixed on the detector, fainter outwards.
 * @param core - standard deviation of the PSF's core [pixel]
 */
export function drawSpeckles(core: number, random: Random): Speckle[] {
  const spots = Array.from({ length: COUNT }, () => {
    const radius = INNER * (OUTER / INNER) ** random.uniform();
    const angle = 2 * Math.PI * random.uniform();
    return {
      x: radius * core * Math.cos(angle),
      y: radius * core * Math.sin(angle),
      weight: (radius / INNER) ** -1.6 * Math.exp(0.5 * random.normal()),
    };
  });
  const total = spots.reduce((sum, spot) => sum + spot.weight, 0);
  return spots.map(({ x, y, weight }) => ({ x, y, share: (LEAK * weight) / total }));
}

/** The same speckles after the mirrors have drifted: brightness changed by a relative standard deviation. */
export const drifted = (speckles: readonly Speckle[], sigma: number, random: Random): Speckle[] =>
  speckles.map((s) => ({ ...s, share: s.share * Math.max(0, 1 + sigma * random.normal()) }));

/** Add a star behind the mask, at x, y. */
export function addOcculted(
  picture: Picture,
  x: number,
  y: number,
  flux: number,
  speckles: readonly Speckle[],
  psf: Psf,
): void {
  const spot = { weights: [1], sigmas: [psf.sigmas[0]] };
  for (const s of speckles) addPoint(picture, x + s.x, y + s.y, flux * s.share, spot);
}

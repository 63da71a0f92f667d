import { ValidationError } from "@calwebb/errors";
import type { Random } from "@calwebb/rng";
import { addPoint, type Picture } from "./render.js";

/** Weak lenses of NIRCam, and the path difference between edge and middle of the mirror that each adds [um]. */
const LENSES: Readonly<Record<string, number>> = { WLP8: 8 * 2.12, WLM8: -8 * 2.12 };

/** Names of the weak lenses. */
export const WEAK_LENSES: readonly string[] = Object.keys(LENSES);

/** Distance between the middles of neighbouring segments of the mirror, and their width across flats [m]. */
const [PITCH, FLATS] = [1.323, 1.316];
/** Half the diameter of the mirror [m]. */
const RADIUS = 3.25;
const ARCSEC = (180 / Math.PI) * 3600;
/** Spots that the image is drawn with: their spacing and standard deviation [pixel]. */
const [SPACING, SIGMA] = [1.5, 1.2];
const ROW = Math.sqrt(3) / 2;

/** A spot of the image of a star: place about the star [pixel] and share of its flux. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly share: number;
}

/** Middles of the 18 segments [m]. */
function segments(): [number, number][] {
  const out: [number, number][] = [];
  for (let q = -2; q <= 2; q++)
    for (let r = -2; r <= 2; r++)
      if (Math.abs(q + r) <= 2 && (q !== 0 || r !== 0)) out.push([PITCH * (q + r / 2), PITCH * ROW * r]);
  return out;
}

/** Whether a point about the middle of a segment [m] is on it. */
const onSegment = (x: number, y: number): boolean =>
  [0, 1, 2].every((k) => Math.abs(x * Math.cos((k * Math.PI) / 3) + y * Math.sin((k * Math.PI) / 3)) < FLATS / 2);

/**
 * The image of a star far out of focus: that of the mirror with its segments, whose light differs a little from place to place as the mirror
 * is not perfect. A lens of the other sign turns the image about.
 * @param scale - [arcsec/pixel]
 * @throws {ValidationError} for an unknown lens
 */
export function defocused(lens: string, scale: number, random: Random): Spot[] {
  const path = LENSES[lens];
  if (path === undefined)
    throw new ValidationError(`"${lens}" is no weak lens; known: ${WEAK_LENSES.join(", ")}`, { where: "pupil" });
  // Rays bend by the slope of the path difference, which is largest at the edge.
  const perMetre = ((2 * path * 1e-6) / (RADIUS * RADIUS)) * (ARCSEC / scale);
  const step = SPACING / Math.abs(perMetre);
  const spots: Spot[] = [];
  for (const [u, v] of segments()) {
    const reflected = 1 + 0.1 * random.normal();
    const [slopeX, slopeY] = [0.25 * random.normal(), 0.25 * random.normal()];
    for (let y = -FLATS; y <= FLATS; y += step)
      for (let x = -FLATS; x <= FLATS; x += step)
        if (onSegment(x, y))
          spots.push({
            x: perMetre * (u + x),
            y: perMetre * (v + y),
            share: Math.max(0, reflected + slopeX * x + slopeY * y),
          });
  }
  const total = spots.reduce((sum, spot) => sum + spot.share, 0);
  return spots.map((spot) => ({ ...spot, share: spot.share / total }));
}

/** Radius of a circle that holds the image [pixel]. */
export const radiusOf = (spots: readonly Spot[]): number =>
  Math.max(...spots.map(({ x, y }) => Math.hypot(x, y))) + 3 * SIGMA;

/** Add a star out of focus, at x, y. */
export function addDefocused(picture: Picture, x: number, y: number, flux: number, spots: readonly Spot[]): void {
  const spot = { weights: [1], sigmas: [SIGMA] };
  for (const s of spots) addPoint(picture, x + s.x, y + s.y, flux * s.share, spot);
}

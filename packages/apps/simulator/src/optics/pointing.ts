import { computeRollRef, dvaCorrection, type Pointing, v23ToSky } from "@calwebb/wcs";
import { type Aperture, pixelToV23, v23ToPixel } from "./aperture.js";

/** Where the telescope looks: a point of the focal plane, its place on the sky, and the roll. */
export interface Attitude {
  /** [arcsec] */
  readonly v2: number;
  readonly v3: number;
  /** [deg] */
  readonly ra: number;
  readonly dec: number;
  /** Position angle of V3 at that point, north over east [deg]. */
  readonly roll: number;
  /** Apparent over true scale of the sky by the velocity of the telescope. */
  readonly velocityAberration: number;
}

/** Scale of the sky for an observer that moves at the speed of the Earth towards what is seen. */
export const VELOCITY_ABERRATION = 1.00003712;

const pointingOf = ({ v2, v3, ra, dec, roll }: Attitude): Pointing => ({
  v2Ref: v2,
  v3Ref: v3,
  rollRef: roll,
  raRef: ra,
  decRef: dec,
});

/** The same attitude, said of another point of the focal plane [arcsec]. */
export function attitudeAt(attitude: Attitude, v2: number, v3: number): Attitude {
  const pointing = pointingOf(attitude);
  const [ra, dec] = v23ToSky(pointing).point(v2, v3);
  return { ...attitude, v2, v3, ra, dec, roll: computeRollRef(pointing, v2, v3) };
}

/** Move the telescope so that the point looks elsewhere: offsets on the sky [arcsec], and a turn about the point [deg]. */
export function nudged(
  attitude: Attitude,
  { east = 0, north = 0, turn = 0 }: { east?: number; north?: number; turn?: number },
): Attitude {
  const { ra, dec, roll } = attitude;
  return {
    ...attitude,
    ra: ra + east / 3600 / Math.cos((dec * Math.PI) / 180),
    dec: dec + north / 3600,
    roll: roll + turn,
  };
}

/** Gives the pixel of the full detector, counted from 0, of a place on the sky [deg]; NaN far outside. */
export type Placement = (ra: number, dec: number) => [number, number];

/**
 * Where an aperture sees the sky.
 * @param attitude - about the point whose image velocity aberration does not move
 * @param offset - shift of the image by the filter [pixel]
 */
export function placement(aperture: Aperture, attitude: Attitude, offset: { column: number; row: number }): Placement {
  const toFocalPlane = v23ToSky(pointingOf(attitude)).inverse;
  const aberration = dvaCorrection(attitude.velocityAberration, attitude.v2, attitude.v3).inverse;
  return (ra, dec) => {
    const [v2, v3] = aberration.point(...toFocalPlane.point(ra, dec));
    const [x, y] = v23ToPixel(aperture, v2, v3);
    // The filter's offset is added to a pixel before the distortion.
    return [x - offset.column, y - offset.row];
  };
}

/** The inverse of {@link placement}: sky position [deg] of a pixel of the full detector, counted from 0. */
export function skyAt(
  aperture: Aperture,
  attitude: Attitude,
  offset: { column: number; row: number },
  x: number,
  y: number,
): [number, number] {
  const [v2, v3] = pixelToV23(aperture, x + offset.column, y + offset.row);
  const aberration = dvaCorrection(attitude.velocityAberration, attitude.v2, attitude.v3);
  const [ra, dec] = v23ToSky(pointingOf(attitude)).point(...aberration.point(v2, v3));
  return [ra, dec];
}

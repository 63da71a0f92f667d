import { calcRotationMatrix, sRegion } from "@calwebb/wcs";
import { pixelArea, pixelToV23 } from "../optics/aperture.js";
import { skyBrightness } from "../optics/bands.js";
import type { Camera } from "../optics/camera.js";
import { type Attitude, attitudeAt, type Placement, placement, skyAt } from "../optics/pointing.js";
import type { Reference } from "../reference/models.js";
import { fluxOf, type Source } from "./catalog.js";
import { addGalaxy, addPoint, type Picture } from "./render.js";

/** What a detector sees in an exposure, and what its header says of the sky. */
export interface View {
  /** Photons that arrive in an integration [e-/s], [ny, nx]; the same array may be given again. */
  light(integration: number): Float32Array;
  /** Area of each pixel over that of the middle of the detector. */
  readonly area: Float32Array;
  readonly camera: Camera;
  /** Keywords. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** References that only this kind of observation has. */
  readonly extraReferences?: () => readonly Reference[];
  /** Pixel of the subarray, from 0, of a place on the sky [deg]. */
  readonly place: Placement;
}

/** A picture of the size of a camera's subarray. */
export const emptyPicture = ({ mode: { xsize, ysize } }: Camera): Picture => ({
  data: new Float32Array(xsize * ysize),
  nx: xsize,
  ny: ysize,
});

/** The attitude about the point that the header's coordinates are about. */
export function referenceAttitude(camera: Camera, attitude: Attitude): Attitude {
  const { x, y } = camera.reference;
  const [v2, v3] = pixelToV23(camera.aperture, x, y);
  return attitudeAt(attitude, v2, v3);
}

/** Place of the sky in a camera's subarray, counted from 0. @param attitude - about the camera's reference point */
export function placeIn(camera: Camera, attitude: Attitude): Placement {
  const inDetector = placement(camera.aperture, attitude, camera.offset);
  const { xstart, ystart } = camera.mode;
  return (ra, dec) => {
    const [x, y] = inDetector(ra, dec);
    return [x - (xstart - 1), y - (ystart - 1)];
  };
}

/** Spacing of the points where areas are computed exactly [pixel]. */
const GRID = 16;

/** A part of the detector: first pixel (from 1) and size. */
export interface Region {
  readonly xstart: number;
  readonly ystart: number;
  readonly xsize: number;
  readonly ysize: number;
}

/**
 * Area of each pixel over that of the middle of the detector: exact on a grid, bilinear in between (to 2e-5).
 * @param region - default: the camera's subarray
 */
export function relativeArea({ aperture, area, mode, offset }: Camera, region: Region = mode): Float32Array {
  const { xstart, ystart, xsize, ysize } = region;
  const [columns, rows] = [Math.ceil(xsize / GRID) + 1, Math.ceil(ysize / GRID) + 1];
  const at = Float64Array.from({ length: columns * rows }, (_, k) => {
    const [i, j] = [k % columns, Math.floor(k / columns)];
    return (
      pixelArea(aperture, xstart - 1 + i * GRID + offset.column, ystart - 1 + j * GRID + offset.row) / area.arcsec2
    );
  });
  const out = new Float32Array(xsize * ysize);
  for (let y = 0; y < ysize; y++) {
    const j = Math.floor(y / GRID);
    const v = y / GRID - j;
    for (let x = 0; x < xsize; x++) {
      const i = Math.floor(x / GRID);
      const u = x / GRID - i;
      const k = j * columns + i;
      out[y * xsize + x] =
        (1 - v) * ((1 - u) * at[k] + u * at[k + 1]) + v * ((1 - u) * at[k + columns] + u * at[k + columns + 1]);
    }
  }
  return out;
}

/** Electrons per second of a point source in a camera. @param flux - [Jy] */
export const electronsOf = ({ electrons, area }: Camera, flux: number): number =>
  (flux * 1e-6 * electrons) / area.steradian;

/** Add a uniform sky [MJy/sr]. */
export function addSky({ data }: Picture, { electrons }: Camera, area: Float32Array, brightness: number): void {
  for (let p = 0; p < data.length; p++) data[p] += brightness * electrons * area[p];
}

/** Add the sources that fall on a camera. */
export function addSources(picture: Picture, camera: Camera, place: Placement, sources: readonly Source[]): void {
  const margin = 6 * Math.max(...camera.psf.sigmas);
  for (const source of sources) {
    const [x, y] = place(source.ra, source.dec);
    if (!(x > -margin && x < picture.nx + margin && y > -margin && y < picture.ny + margin)) continue;
    const flux = electronsOf(camera, fluxOf(source, camera.band.wavelength));
    const { galaxy } = source;
    if (!galaxy) addPoint(picture, x, y, flux, camera.psf);
    else addGalaxy(picture, x, y, flux, galaxy.sersic, shapeOf(source, [x, y], place), camera.psf);
  }
}

/** Covariance of a galaxy's shape on the detector [pixel^2]. */
function shapeOf({ ra, dec, galaxy }: Source, [x, y]: [number, number], place: Placement) {
  const { radius, axisRatio, angle } = galaxy ?? { radius: 0, axisRatio: 1, angle: 0 };
  const turn = (angle * Math.PI) / 180;
  /** Pixel offset of a point at a distance [arcsec] under a position angle. */
  const offset = (distance: number, towards: number): [number, number] => {
    const east = (distance * Math.sin(towards)) / 3600 / Math.cos((dec * Math.PI) / 180);
    const [px, py] = place(ra + east, dec + (distance * Math.cos(towards)) / 3600);
    return [px - x, py - y];
  };
  const [ax, ay] = offset(radius, turn);
  const [bx, by] = offset(radius * axisRatio, turn + Math.PI / 2);
  return { xx: ax * ax + bx * bx, xy: ax * ay + bx * by, yy: ay * ay + by * by };
}

/** Brightness of the sky in a camera's band [MJy/sr]. */
export const skyOf = ({ band }: Camera): number => skyBrightness(band.wavelength);

/**
 * Keywords of the pointing.
 * @param attitude - what the header believes, about the camera's reference point
 */
export function pointingMetadata(camera: Camera, attitude: Attitude): Record<string, unknown> {
  const { aperture, mode, reference, area, apertureName } = camera;
  const { v2, v3, ra, dec, roll, velocityAberration } = attitude;
  const boresight = attitudeAt(attitude, 0, 0);
  const rad = Math.PI / 180;
  const [pc1_1, pc1_2, pc2_1, pc2_2] = calcRotationMatrix(roll * rad, aperture.v3IdlYAngle * rad, aperture.vIdlParity);
  const scale = Math.sqrt(area.arcsec2) / 3600;
  const { xstart, ystart, xsize, ysize } = mode;
  const [x0, y0] = [xstart - 1.5, ystart - 1.5];
  const corners = [
    [x0, y0],
    [x0, y0 + ysize],
    [x0 + xsize, y0 + ysize],
    [x0 + xsize, y0],
  ].map(([x, y]) => skyAt(aperture, attitude, camera.offset, x, y));
  const crpix = [reference.x - (xstart - 1) + 1, reference.y - (ystart - 1) + 1];
  return {
    aperture: { name: apertureName, pps_name: apertureName, position_angle: (roll + aperture.v3IdlYAngle + 360) % 360 },
    pointing: { ra_v1: boresight.ra, dec_v1: boresight.dec, pa_v3: boresight.roll },
    velocity_aberration: { va_ra_ref: ra, va_dec_ref: dec, scale_factor: velocityAberration },
    wcsinfo: {
      wcsaxes: 2,
      crpix1: crpix[0],
      crpix2: crpix[1],
      crval1: ra,
      crval2: dec,
      ctype1: "RA---TAN",
      ctype2: "DEC--TAN",
      cunit1: "deg",
      cunit2: "deg",
      cdelt1: scale,
      cdelt2: scale,
      pc1_1,
      pc1_2,
      pc2_1,
      pc2_2,
      s_region: sRegion(corners),
      v2_ref: v2,
      v3_ref: v3,
      vparity: aperture.vIdlParity,
      v3yangle: aperture.v3IdlYAngle,
      ra_ref: ra,
      dec_ref: dec,
      roll_ref: roll,
      siaf_xref_sci: crpix[0],
      siaf_yref_sci: crpix[1],
    },
  };
}

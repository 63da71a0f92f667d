import { ValidationError } from "@calwebb/errors";
import { parseSRegion } from "../region.js";
import { AffineTransformation2D, type Matrix2 } from "../transforms/affine.js";
import { Scale } from "../transforms/basic.js";
import { pipe, sideBySide } from "../transforms/compound.js";
import { FitsImaging } from "../transforms/fits-imaging.js";
import { Projection } from "../transforms/projection.js";
import { RotateNative2Celestial } from "../transforms/sphere.js";
import type { Transform } from "../transforms/transform.js";
import { DEG, RAD } from "../transforms/trig.js";
import { Wcs } from "../wcs.js";

/** [lon, lat] of corners [deg]. */
export type Footprint = readonly (readonly number[])[];

/**
 * Rotation matrix of a detector on the sky.
 * @param rollRef - position angle of V3 at the reference point [rad]
 * @param v3iYangle - angle from V3 to the ideal Y axis [rad]
 * @param vparity - 1 or -1: sense of the ideal X axis
 * @returns [pc1_1, pc1_2, pc2_1, pc2_2]
 */
export function calcRotationMatrix(rollRef: number, v3iYangle: number, vparity = 1): Matrix2 {
  if (vparity !== 1 && vparity !== -1)
    throw new ValidationError("vparity is 1 or -1", { got: String(vparity), where: "vparity" });
  const angle = rollRef - vparity * v3iYangle;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [vparity * c, s, vparity * -s, c];
}

/** The middle of points on the sky: of the box around their unit vectors [deg]. */
export function fiducialOf(footprints: Footprint): [number, number] {
  const low = [1, 1, 1];
  const high = [-1, -1, -1];
  for (const [lon, lat] of footprints) {
    const cd = Math.cos(lat * RAD);
    const v = [cd * Math.cos(lon * RAD), cd * Math.sin(lon * RAD), Math.sin(lat * RAD)];
    for (let i = 0; i < 3; i++) {
      low[i] = Math.min(low[i], v[i]);
      high[i] = Math.max(high[i], v[i]);
    }
  }
  const [x, y, z] = low.map((l, i) => (l + high[i]) / 2);
  const lon = Math.atan2(y, x) * DEG;
  return [lon < 0 ? lon + 360 : lon, Math.atan2(z, Math.sqrt(x * x + y * y)) * DEG];
}

/**
 * World coordinates of the point that several WCS have in common: the middle of all corners for celestial axes, the lowest
 * value for a spectral one.
 */
export function computeFiducial(list: readonly Wcs[], boundingBox?: readonly (readonly [number, number])[]): number[] {
  if (list.length === 0) throw new ValidationError("a fiducial needs at least one WCS");
  const types = list[0].outputFrame.axesTypes;
  const corners = list.flatMap((w) => w.footprint({ boundingBox }));
  const spatial = types.flatMap((t, i) => (t === "SPATIAL" ? [i] : []));
  const out = new Array<number>(types.length).fill(Number.NaN);
  if (spatial.length >= 2) {
    const middle = fiducialOf(corners.map((c) => [c[spatial[0]], c[spatial[1]]]));
    out[spatial[0]] = middle[0];
    out[spatial[1]] = middle[1];
  }
  types.forEach((t, i) => {
    if (t === "SPECTRAL") out[i] = Math.min(...corners.map((c) => c[i]));
  });
  return out;
}

/** Angle between two directions [deg], exact for small ones (Vincenty). */
export function separation(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const d = (lon2 - lon1) * RAD;
  const [s1, c1] = [Math.sin(lat1 * RAD), Math.cos(lat1 * RAD)];
  const [s2, c2] = [Math.sin(lat2 * RAD), Math.cos(lat2 * RAD)];
  const across = Math.hypot(c2 * Math.sin(d), c1 * s2 - s1 * c2 * Math.cos(d));
  return Math.atan2(across, s1 * s2 + c1 * c2 * Math.cos(d)) * DEG;
}

/**
 * Size of a pixel at a point on the sky [deg]: geometric mean of both axes, or of the axis across the dispersion.
 * @param options.dispAxis - 1 or 2, needed for a spectral WCS
 * @param options.pscaleRatio - factor
 */
export function computeScale(
  wcs: Wcs,
  fiducial: readonly number[],
  options: { dispAxis?: number; pscaleRatio?: number } = {},
): number {
  const types = wcs.outputFrame.axesTypes;
  const spectral = types.includes("SPECTRAL");
  if (spectral && options.dispAxis === undefined)
    throw new ValidationError("the scale of a spectral WCS needs the dispersion axis", { where: "dispAxis" });
  const free = { withBoundingBox: false };
  const pixel = wcs.invert(
    fiducial.map((v) => Float64Array.of(v)),
    free,
  );
  const [ilon, ilat] = types.flatMap((t, i) => (t === "SPATIAL" ? [i] : []));
  const shifted = pixel.map((p, axis) =>
    Float64Array.of(p[0], p[0] + (axis === ilon ? 1 : 0), p[0] + (axis === (ilon + 1) % pixel.length ? 1 : 0)),
  );
  const world = wcs.evaluate(shifted, free);
  const [lon, lat] = [world[ilon], world[ilat]];
  const ratio = options.pscaleRatio ?? 1;
  const x = separation(lon[0], lat[0], lon[1], lat[1]) * ratio;
  const y = separation(lon[0], lat[0], lon[2], lat[2]) * ratio;
  if (spectral) return options.dispAxis === 1 ? y : x;
  return Math.sqrt(x * y);
}

/** A function from the pixels of one WCS to those of another, without regard to bounding boxes. */
export function reproject(from: Wcs, to: Wcs): (x: Float64Array, y: Float64Array) => [Float64Array, Float64Array] {
  return (x, y) => {
    const [u, v] = to.invert(from.evaluate([x, y], { withBoundingBox: false }), { withBoundingBox: false });
    return [u, v];
  };
}

/** The keywords that give the orientation of a detector. */
export interface OrientationInfo {
  ra_ref: number;
  dec_ref: number;
  roll_ref: number;
  v3yangle: number;
  vparity: number;
}

export interface CommonWcsOptions {
  /** Pixels to the sky about the reference point, in place of the one made of scale and rotation. */
  transform?: Transform;
  pscaleRatio?: number;
  /** Size of a pixel [deg]; wins over `pscaleRatio`. */
  pscale?: number;
  /** Position angle of the Y axis [deg]; default: as the reference detector. */
  rotation?: number;
  /** ny, nx. */
  shape?: readonly [number, number];
  /** Reference pixel, counted from 0. */
  crpix?: readonly [number, number];
  crval?: readonly [number, number];
}

/**
 * A tangent-plane WCS that holds all footprints.
 * @param footprints - corners of each image, or S_REGION texts
 * @param reference - WCS whose scale and frames are taken
 * @throws {ValidationError} when the image would be smaller than 2 x 2
 */
export function wcsFromSregions(
  footprints: readonly (Footprint | string)[],
  reference: Wcs,
  info: OrientationInfo,
  options: CommonWcsOptions = {},
): Wcs {
  const corners = footprints.map((f) => (typeof f === "string" ? parseSRegion(f) : f));
  const crval = options.crval ?? fiducialOf(corners.flat());
  const angle = info.v3yangle * RAD;
  const roll = options.rotation === undefined ? info.roll_ref * RAD : options.rotation * RAD + info.vparity * angle;
  const pc = calcRotationMatrix(roll, angle, info.vparity);
  const pscale =
    options.pscale || computeScale(reference, [info.ra_ref, info.dec_ref], { pscaleRatio: options.pscaleRatio });
  const projection = new Projection("gnomonic", "pix2sky");
  const transform =
    options.transform ??
    pipe(
      new AffineTransformation2D(pc),
      sideBySide(new Scale(pscale), new Scale(pscale)),
      projection,
      new RotateNative2Celestial(crval[0], crval[1], 180),
    );
  const { box, shape, offsets } = commonBox(corners.flat(), transform, crval, options);
  if (shape.some((n) => !(n >= 2)))
    throw new ValidationError(`an image of ${shape.join(" x ")} pixels is too small`, {
      got: shape.join(" x "),
      wanted: "at least 2 x 2",
    });
  const fits = new FitsImaging({ crpix: offsets, crval, cdelt: [pscale, pscale], pc, projection });
  const out = new Wcs([{ frame: reference.inputFrame, transform: fits }, { frame: reference.outputFrame }]);
  out.boundingBox = box;
  out.pixelShape = [shape[1], shape[0]];
  return out;
}

/** The same with the footprints of WCS objects; the first one is the reference unless another one is given. */
export function wcsFromFootprints(
  list: readonly Wcs[],
  info: OrientationInfo,
  options: CommonWcsOptions & { reference?: Wcs; boundingBox?: readonly (readonly [number, number])[] } = {},
): Wcs {
  if (list.length === 0) throw new ValidationError("a common WCS needs at least one WCS");
  const footprints = list.map((w) => w.footprint({ boundingBox: options.boundingBox }));
  return wcsFromSregions(footprints, options.reference ?? list[0], info, options);
}

type Pair = readonly [number, number];

function commonBox(
  corners: Footprint,
  transform: Transform,
  crval: readonly number[],
  { crpix, shape }: CommonWcsOptions,
): { box: [Pair, Pair]; shape: Pair; offsets: Pair } {
  const axis = (i: number): Float64Array => Float64Array.from(corners, (c) => c[i]);
  const pixels = transform.inverse.evaluate([axis(0), axis(1)]);
  const native = transform.inverse.point(crval[0], crval[1]);
  const low = pixels.map((p) => p.reduce((a, b) => Math.min(a, b)));
  const high = pixels.map((p) => p.reduce((a, b) => Math.max(a, b)));
  const offsets = native.map((n, i) => (crpix ? crpix[i] - n : n - low[i])) as unknown as Pair;
  const from = low.map((v, i) => v + offsets[i]);
  const to = high.map((v, i) => v + offsets[i]);
  if (!shape) {
    const size = to.map((v) => Math.trunc(v + 0.5));
    return {
      box: [
        [-0.5, size[0] - 0.5],
        [-0.5, size[1] - 0.5],
      ],
      shape: [size[1], size[0]],
      offsets,
    };
  }
  const cut = (i: number, size: number): Pair => [
    Math.max(0, Math.trunc(from[i] + 0.5)) - 0.5,
    Math.min(Math.trunc(to[i] + 0.5), size) - 0.5,
  ];
  return { box: [cut(0, shape[1]), cut(1, shape[0])], shape, offsets };
}

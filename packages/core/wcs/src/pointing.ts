import { ValidationError } from "@calwebb/errors";
import { Identity, Scale, Shift } from "./transforms/basic.js";
import { pipe, sideBySide } from "./transforms/compound.js";
import { CartesianToSpherical, RotationSequence3D, SphericalToCartesian } from "./transforms/sphere.js";
import type { Transform } from "./transforms/transform.js";
import { DEG, RAD, sequenceMatrix } from "./transforms/trig.js";

/** Where a detector points: V2, V3 of the reference point [arcsec], its sky coordinates and the roll of V3 there [deg]. */
export interface Pointing {
  v2Ref: number;
  v3Ref: number;
  rollRef: number;
  raRef: number;
  decRef: number;
}

/**
 * V2, V3 [arcsec] to ICRS [deg]: rotations about the axes z, y, x, y, z by V2, -V3, roll, dec and -ra of the reference point.
 * @param wrapV2At - 180: V2 of the inverse lies in -180 .. 180 deg
 */
export function v23ToSky(p: Pointing, wrapV2At = 180, wrapLonAt = 360): Transform {
  const angles = [p.v2Ref / 3600, -p.v3Ref / 3600, p.rollRef, p.decRef, -p.raRef];
  return pipe(
    sideBySide(new Scale(1 / 3600), new Scale(1 / 3600)),
    new SphericalToCartesian(wrapV2At),
    new RotationSequence3D(angles, "zyxyz"),
    new CartesianToSpherical(wrapLonAt),
  ).named("v23tosky");
}

/**
 * Change of scale of the focal plane by velocity aberration, about the reference point.
 * @param scale - apparent over true scale; undefined counts as 1
 * @param v2Ref - [arcsec]
 * @throws {ValidationError} for a scale that is not positive
 */
export function dvaCorrection(scale: number | undefined, v2Ref = 0, v3Ref = 0): Transform {
  if (scale === undefined || scale === 1) return new Identity(2);
  if (!(scale > 0))
    throw new ValidationError(`the velocity aberration scale ${scale} is not positive`, { where: "VA_SCALE" });
  const scaled = sideBySide(new Scale(scale).named("dva_scale_v2"), new Scale(scale).named("dva_scale_v3"));
  if (v2Ref === 0 && v3Ref === 0) return scaled;
  const shift = (ref: number, name: string): Transform => new Shift((1 - scale) * ref).named(name);
  return pipe(scaled, sideBySide(shift(v2Ref, "dva_v2_shift"), shift(v3Ref, "dva_v3_shift"))).named("DVA_Correction");
}

/**
 * Position angle of V3, north over east, at another point of the focal plane [deg], 0 .. 360.
 * @param v2 - V2 and V3 of that point [arcsec]
 */
export function computeRollRef(p: Pointing, v2: number, v3: number): number {
  const origin = Math.abs(p.v2Ref) < 3600e-13 && Math.abs(p.v3Ref) < 3600e-13;
  const angles = origin
    ? [p.rollRef, p.decRef, p.raRef]
    : [p.v2Ref / 3600, -p.v3Ref / 3600, p.rollRef, p.decRef, -p.raRef];
  const m = sequenceMatrix(
    angles.map((a) => a * RAD),
    origin ? "xyz" : "zyxyz",
  );
  const a = (v2 / 3600) * RAD;
  const d = (v3 / 3600) * RAD;
  const x = -(m[6] * Math.cos(a) + m[7] * Math.sin(a)) * Math.sin(d) + m[8] * Math.cos(d);
  const y = (m[0] * m[5] - m[3] * m[2]) * Math.cos(a) + (m[1] * m[5] - m[4] * m[2]) * Math.sin(a);
  const roll = Math.atan2(y, x) * DEG;
  return roll < 0 ? roll + 360 : roll;
}

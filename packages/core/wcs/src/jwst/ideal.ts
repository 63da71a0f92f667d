import { AffineTransformation2D } from "../transforms/affine.js";
import { Shift } from "../transforms/basic.js";
import { pipe, sideBySide } from "../transforms/compound.js";
import type { Transform } from "../transforms/transform.js";
import { RAD } from "../transforms/trig.js";

/** Where the ideal frame of an aperture lies in V2, V3. */
export interface IdealFrame {
  /** Angle from V3 to the y axis of the ideal frame [deg]. */
  v3IdlYAngle: number;
  /** The common origin [arcsec]. */
  v2Ref: number;
  v3Ref: number;
  /** Sense of the x axis. */
  vParity: 1 | -1;
}

/**
 * Positions in the ideal frame of an aperture to V2, V3, all in arcsec and on a plane. Files hold it as an affine transformation: the
 * Python model has no form in ASDF.
 */
export function idealToV2V3(frame: IdealFrame): Transform {
  const { v3IdlYAngle, v2Ref, v3Ref, vParity } = frame;
  const [c, s] = [Math.cos(v3IdlYAngle * RAD), Math.sin(v3IdlYAngle * RAD)];
  return new AffineTransformation2D([vParity * c, s, -vParity * s, c], [v2Ref, v3Ref])
    .withAxes(["xidl", "yidl"], ["v2", "v3"])
    .named("idl2V")
    .withInverse(backOf(frame));
}

/** V2, V3 to positions in the ideal frame of an aperture, all in arcsec and on a plane. */
export function v2v3ToIdeal(frame: IdealFrame): Transform {
  return backOf(frame).withInverse(idealToV2V3(frame));
}

function backOf({ v3IdlYAngle, v2Ref, v3Ref, vParity }: IdealFrame): Transform {
  const [c, s] = [Math.cos(v3IdlYAngle * RAD), Math.sin(v3IdlYAngle * RAD)];
  const turn = new AffineTransformation2D([vParity * c, -vParity * s, s, c]);
  return pipe(sideBySide(new Shift(-v2Ref), new Shift(-v3Ref)), turn)
    .withAxes(["v2", "v3"], ["xidl", "yidl"])
    .named("V2idl");
}

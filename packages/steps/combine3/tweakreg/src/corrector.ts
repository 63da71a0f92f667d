import { ValidationError } from "@calwebb/errors";
import {
  AffineTransformation2D,
  Arithmetic,
  CartesianToSpherical,
  Compose,
  Const,
  Identity,
  Mapping,
  type Matrix2,
  pipe,
  RotationSequence3D,
  Scale,
  SphericalToCartesian,
  sideBySide,
  type Transform,
  type Wcs,
} from "@calwebb/wcs";
import type { Linear } from "./kernel/fit.js";
import type { Points } from "./kernel/match.js";

const ARCSEC = 3600 * (180 / Math.PI);
const CORRECTED = "v2v3corr";
const NAME = "JWST tangent-plane linear correction. v1";

/** Reference angles of an exposure: V2_REF, V3_REF [arcsec], ROLL_REF [deg]. */
export interface Angles {
  v2: number;
  v3: number;
  roll: number;
}

/** The affine part of a correction that is already there. */
function affineOf(transform: Transform | undefined): AffineTransformation2D | undefined {
  if (transform instanceof AffineTransformation2D) return transform;
  if (!(transform instanceof Compose)) return undefined;
  return affineOf(transform.left) ?? affineOf(transform.right);
}

const both = (factor: number, name: string): Transform =>
  sideBySide(new Scale(factor).named(`${name}_1D`), new Scale(factor).named(`${name}_1D`)).named(`${name}_2D`);

/** V2, V3 [arcsec] to the tangent plane around the reference point [radian], and back. */
function planes({ v2, v3, roll }: Angles): { there: Transform; back: Transform } {
  const rotation = new RotationSequence3D([v2 / 3600, -v3 / 3600, roll], "zyx");
  const flat = pipe(
    new Arithmetic("divide", new Mapping([0, 1, 2]).named("xyz"), new Mapping([0, 0, 0], 3).named("xxx")),
    new Mapping([1, 2], 3).named("xtyt"),
  ).named("Cartesian 3D to TAN");
  const solid = pipe(
    new Mapping([0, 0, 1], 2).named("xtyt2xyz"),
    sideBySide(new Const(1).named("one"), new Identity(2).named("I(2D)")),
  ).named("TAN to cartesian 3D");
  return {
    there: pipe(
      both(1 / 3600, "arcsec_to_deg"),
      new SphericalToCartesian(180).named("s2c"),
      rotation.named("det_to_optic_axis"),
      flat,
    ),
    back: pipe(
      solid,
      rotation.inverse.named("optic_axis_to_det"),
      new CartesianToSpherical(180).named("c2s"),
      both(3600, "deg_to_arcsec"),
    ),
  };
}

/** Corrects the WCS of an exposure by a linear map in the tangent plane of its aperture. */
export class Corrector {
  readonly original: Wcs;
  wcs: Wcs;
  private readonly there: Transform;
  private readonly back: Transform;
  private affine: AffineTransformation2D;
  private frame: string;

  /** @throws {ValidationError} for a WCS without the frame v2v3 */
  constructor(wcs: Wcs, angles: Angles) {
    if (!wcs.frames.includes("v2v3"))
      throw new ValidationError('the WCS has no frame "v2v3"', { got: wcs.frames.join(", ") });
    this.original = wcs;
    this.wcs = wcs;
    const { there, back } = planes(angles);
    this.there = there;
    this.back = back;
    this.frame = wcs.frames.includes(CORRECTED) ? CORRECTED : wcs.frames.includes("v2v3vacorr") ? "v2v3vacorr" : "v2v3";
    const before = this.frame === CORRECTED ? wcs.steps[wcs.frames.indexOf(CORRECTED) - 1].transform : undefined;
    this.affine = affineOf(before) ?? new AffineTransformation2D([1, 0, 0, 1]);
  }

  private names(): { detector: string; world: string } {
    return { detector: this.wcs.frames[0], world: this.wcs.frames[this.wcs.frames.length - 1] };
  }

  /** From V2, V3 to the plane [arcsec]. */
  private toPlane(v23: readonly Float64Array[]): Points {
    const [x, y] = this.affine.evaluate(this.there.evaluate(v23));
    return { x: x.map((v) => v * ARCSEC), y: y.map((v) => v * ARCSEC) };
  }

  private fromPlane({ x, y }: Points): Float64Array[] {
    const plane = [x.map((v) => v / ARCSEC), y.map((v) => v / ARCSEC)];
    return this.back.evaluate(this.affine.inverse.evaluate(plane));
  }

  worldToPlane(ra: Float64Array, dec: Float64Array): Points {
    return this.toPlane(this.wcs.transform(this.names().world, this.frame).evaluate([ra, dec]));
  }

  planeToWorld(points: Points): Float64Array[] {
    return this.wcs.transform(this.frame, this.names().world).evaluate(this.fromPlane(points));
  }

  detectorToPlane(x: Float64Array, y: Float64Array): Points {
    return this.toPlane(this.wcs.transform(this.names().detector, this.frame).evaluate([x, y]));
  }

  /** Size of a pixel in the plane at its origin [arcsec]. */
  pixelScale(): number {
    const zero = { x: Float64Array.of(0), y: Float64Array.of(0) };
    const [x, y] = this.wcs.transform(this.frame, this.names().detector).evaluate(this.fromPlane(zero));
    const offsets = [-0.5, -0.5, 0.5, 0.5];
    const t = this.detectorToPlane(
      Float64Array.from(offsets, (o) => x[0] + o),
      Float64Array.from([0, 1, 2, 3], (k) => y[0] + (k === 1 || k === 2 ? 0.5 : -0.5)),
    );
    let area = 0;
    for (let k = 0; k < 4; k++) area += t.x[k] * t.y[(k + 1) % 4] - t.x[(k + 1) % 4] * t.y[k];
    return Math.sqrt(Math.abs(area) / 2);
  }

  /** The linear map from another corrector's plane to this one, near the origin. */
  private from(other: Corrector): Linear {
    const s = other.pixelScale();
    const points = {
      x: Float64Array.of(-0.5 * s, 0.5 * s, -0.5 * s, 0),
      y: Float64Array.of(-0.5 * s, -0.5 * s, 0.5 * s, 0),
    };
    const [ra, dec] = other.planeToWorld(points);
    const t = this.worldToPlane(ra, dec);
    return {
      matrix: [(t.x[1] - t.x[0]) / s, (t.x[2] - t.x[0]) / s, (t.y[1] - t.y[0]) / s, (t.y[2] - t.y[0]) / s],
      shift: [t.x[3], t.y[3]],
    };
  }

  /** Apply a map that was found in the plane of `reference`, which must not have been corrected by it yet. */
  correct({ matrix, shift }: Linear, reference: Corrector): void {
    const r = this.from(reference);
    const m = multiply(multiply(r.matrix, matrix), inverse(r.matrix));
    const [sx, sy] = transform(r.matrix, shift);
    const [tx, ty] = transform(m, r.shift);
    const moved = [(sx - tx + r.shift[0]) / ARCSEC, (sy - ty + r.shift[1]) / ARCSEC];
    const [ox, oy] = transform(m, this.affine.translation);
    this.affine = new AffineTransformation2D(multiply(m, this.affine.matrix), [ox + moved[0], oy + moved[1]]);
    this.rebuild();
  }

  private rebuild(): void {
    const forward = pipe(this.there, this.affine.named("tp_affine"), this.back);
    const backward = pipe(
      this.there,
      (this.affine.inverse as AffineTransformation2D).named("tp_affine_inv"),
      this.back,
    );
    const correction = forward.named(NAME).withInverse(backward.named(`Inverse ${NAME}`));
    const wcs = this.wcs.clone();
    if (this.frame === CORRECTED)
      wcs.setTransform(wcs.frames[wcs.frames.indexOf(CORRECTED) - 1], CORRECTED, correction);
    else {
      const frame = wcs.steps[wcs.frames.indexOf(this.frame)].frame;
      wcs.insertFrameAfter(this.frame, correction, frame.renamed(CORRECTED));
    }
    this.wcs = wcs;
    this.frame = CORRECTED;
  }

  /** A copy that stays as it is. */
  frozen(): Corrector {
    const copy = Object.create(Corrector.prototype) as Corrector;
    return Object.assign(copy, this);
  }
}

function multiply(p: Matrix2, q: Matrix2): Matrix2 {
  return [p[0] * q[0] + p[1] * q[2], p[0] * q[1] + p[1] * q[3], p[2] * q[0] + p[3] * q[2], p[2] * q[1] + p[3] * q[3]];
}

function inverse([a, b, c, d]: Matrix2): Matrix2 {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det];
}

function transform(m: Matrix2, v: readonly [number, number]): [number, number] {
  return [m[0] * v[0] + m[1] * v[1], m[2] * v[0] + m[3] * v[1]];
}

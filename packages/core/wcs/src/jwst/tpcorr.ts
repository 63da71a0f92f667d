import { NdArray } from "@calwebb/array";
import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import type { Matrix2 } from "../transforms/affine.js";
import { type Members, numberAt, numbersAt } from "../transforms/node.js";
import { Transform } from "../transforms/transform.js";
import { type Matrix3, RAD } from "../transforms/trig.js";

const ARCSEC = 3600 / RAD;

/** Corrections that cannot be put together into one. */
export class IncompatibleCorrections extends ValidationError {
  override name: string = "IncompatibleCorrections";
}

/** The matrix, row by row, that turns the axes about one of them (0, 1 or 2) by an angle [rad]. */
export function rotMat3D(angle: number, axis: 0 | 1 | 2): Matrix3 {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  if (axis === 0) return [1, 0, 0, 0, c, s, 0, -s, c];
  return axis === 1 ? [c, 0, s, 0, 1, 0, -s, 0, c] : [c, s, 0, -s, c, 0, 0, 0, 1];
}

function times(a: Matrix3, b: Matrix3): Matrix3 {
  const row = (i: number, j: number): number => a[i] * b[j] + a[i + 1] * b[j + 3] + a[i + 2] * b[j + 6];
  return [row(0, 0), row(0, 1), row(0, 2), row(3, 0), row(3, 1), row(3, 2), row(6, 0), row(6, 1), row(6, 2)];
}

function inverted([a, b, c, d]: Matrix2): Matrix2 | undefined {
  const det = a * d - b * c;
  return det === 0 ? undefined : [d / det, -b / det, -c / det, a / det];
}

const apply = ([a, b, c, d]: Matrix2, x: number, y: number): [number, number] => [a * x + b * y, c * x + d * y];

/** What a {@link TPCorr} is made of. */
export interface TPCorrInit {
  /** Where the tangent plane touches [deg], default 0. */
  v2ref?: number;
  v3ref?: number;
  /** Turn of the plane [deg], default 0. */
  roll?: number;
  /** Default: the unit matrix. */
  matrix?: Matrix2;
  /** [arcsec], default 0. */
  shift?: readonly [number, number];
}

type Columns = readonly Float64Array[];

/**
 * A linear correction of V2, V3 [arcsec] in a tangent plane, as products of 2019 and 2020 hold it: a position p of the plane becomes
 * matrix (p - shift).
 */
export class TPCorr extends Transform {
  readonly nInputs = 2;
  readonly nOutputs = 2;
  readonly tag: string = "tag:stsci.edu:jwst_pipeline/tpcorr-0.7.0";
  readonly v2ref: number;
  readonly v3ref: number;
  readonly roll: number;
  readonly matrix: Matrix2;
  readonly shift: readonly [number, number];
  private readonly euler: Matrix3;

  /** @throws {ValidationError} when the matrix is not 2 x 2 or the shift not a pair */
  constructor({ v2ref = 0, v3ref = 0, roll = 0, matrix = [1, 0, 0, 1], shift = [0, 0] }: TPCorrInit = {}) {
    super();
    if (matrix.length !== 4) throw new ValidationError("a tangent plane correction needs a 2 x 2 matrix");
    if (shift.length !== 2) throw new ValidationError("a tangent plane correction needs a shift of two numbers");
    this.v2ref = v2ref;
    this.v3ref = v3ref;
    this.roll = roll;
    this.matrix = matrix;
    this.shift = shift;
    this.euler = times(times(rotMat3D(roll * RAD, 0), rotMat3D(v3ref * RAD, 1)), rotMat3D(v2ref * RAD, 2));
    this.inputs = ["v2", "v3"];
    this.outputs = ["v2c", "v3c"];
  }

  kernel(input: Columns, [u, v]: Columns, n: number): void {
    this.project(input, u, v, n);
    this.unproject(u, v, n);
  }

  /** V2, V3 [arcsec] to corrected positions of the tangent plane [arcsec]. */
  v2v3ToTanp(v2: Float64Array, v3: Float64Array): [Float64Array, Float64Array] {
    const [x, y] = [new Float64Array(v2.length), new Float64Array(v2.length)];
    this.project([v2, v3], x, y, v2.length);
    return [x, y];
  }

  /**
   * Corrected positions of the tangent plane to the V2, V3 they came from.
   * @throws {ValidationError} when the matrix is singular
   */
  tanpToV2v3(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
    const back = inverted(this.matrix);
    if (!back) throw new ValidationError("the matrix of the tangent plane correction is singular", { where: "matrix" });
    const [u, v] = [new Float64Array(x.length), new Float64Array(x.length)];
    for (let i = 0; i < x.length; i++) {
      const [p, q] = apply(back, x[i], y[i]);
      u[i] = p + this.shift[0];
      v[i] = q + this.shift[1];
    }
    this.unproject(u, v, x.length);
    return [u, v];
  }

  private project([v2, v3]: Columns, x: Float64Array, y: Float64Array, n: number): void {
    const e = this.euler;
    const [a, b, c, d] = this.matrix;
    for (let i = 0; i < n; i++) {
      const [lon, lat] = [v2[i] / ARCSEC, v3[i] / ARCSEC];
      const [p, q, r] = [Math.cos(lon) * Math.cos(lat), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
      const depth = e[0] * p + e[1] * q + e[2] * r;
      const s = (ARCSEC * (e[3] * p + e[4] * q + e[5] * r)) / depth - this.shift[0];
      const t = (ARCSEC * (e[6] * p + e[7] * q + e[8] * r)) / depth - this.shift[1];
      x[i] = a * s + b * t;
      y[i] = c * s + d * t;
    }
  }

  /** Positions of the plane back to the sphere, in place. */
  private unproject(x: Float64Array, y: Float64Array, n: number): void {
    const e = this.euler;
    for (let i = 0; i < n; i++) {
      const [s, t] = [x[i], y[i]];
      const p = e[0] * ARCSEC + e[3] * s + e[6] * t;
      const q = e[1] * ARCSEC + e[4] * s + e[7] * t;
      const r = e[2] * ARCSEC + e[5] * s + e[8] * t;
      x[i] = ARCSEC * Math.atan2(q, p);
      y[i] = ARCSEC * Math.atan2(r, Math.hypot(p, q));
    }
  }

  protected override analyticInverse(): Transform | undefined {
    const matrix = inverted(this.matrix);
    if (!matrix) return undefined;
    const [x, y] = apply(this.matrix, ...this.shift);
    return new TPCorr({ ...this, matrix, shift: [-x, -y] });
  }

  /**
   * One correction for two in the same tangent plane: `first`, then `second`. It has the name of the second, or else of the first.
   * @throws {IncompatibleCorrections} when one is no tangent plane correction, or they have different planes; when the matrix of `first` is singular
   */
  static combine(second: Transform, first: Transform): TPCorr {
    for (const t of [second, first])
      if (!(t instanceof TPCorr))
        throw new IncompatibleCorrections(`${t.describe()} is no tangent plane correction`, { got: t.describe() });
    const [b, a] = [second as TPCorr, first as TPCorr];
    for (const key of ["v2ref", "v3ref", "roll"] as const)
      if (!(Math.abs(b[key] - a[key]) <= 1e-8 + 10 * Number.EPSILON * Math.abs(a[key])))
        throw new IncompatibleCorrections(
          `the corrections have different tangent planes: ${key} ${b[key]} and ${a[key]}`,
          {
            where: key,
            got: String(b[key]),
            wanted: String(a[key]),
          },
        );
    const back = inverted(a.matrix);
    if (!back) throw new IncompatibleCorrections("the matrix of the first correction is singular", { where: "matrix" });
    const [x, y] = apply(back, ...b.shift);
    const [m, k] = [b.matrix, a.matrix];
    const matrix: Matrix2 = [
      m[0] * k[0] + m[1] * k[2],
      m[0] * k[1] + m[1] * k[3],
      m[2] * k[0] + m[3] * k[2],
      m[2] * k[1] + m[3] * k[3],
    ];
    const made = new TPCorr({ ...b, matrix, shift: [a.shift[0] + x, a.shift[1] + y] });
    return made.named(b.name ?? a.name);
  }

  protected fields(): Record<string, unknown> {
    const { v2ref, v3ref, roll } = this;
    const matrix = new NdArray(Float64Array.from(this.matrix), [2, 2]);
    const node = { v2ref, v3ref, roll, matrix, shift: Float64Array.from(this.shift) };
    return markFloat(node, "v2ref", "v3ref", "roll");
  }
}

/** A tangent plane correction of a node. */
export function tangentPlaneCorrection(members: Members): Transform {
  return new TPCorr({
    v2ref: numberAt(members, "v2ref", 0),
    v3ref: numberAt(members, "v3ref", 0),
    roll: numberAt(members, "roll", 0),
    matrix: [...numbersAt(members, "matrix").data] as unknown as Matrix2,
    shift: [...numbersAt(members, "shift").data] as unknown as readonly [number, number],
  });
}

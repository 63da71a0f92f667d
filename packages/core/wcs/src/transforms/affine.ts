import { NdArray } from "@calwebb/array";
import { markFloat } from "@calwebb/asdf";
import { Transform } from "./transform.js";
import { RAD } from "./trig.js";

const TAG = "tag:stsci.edu:asdf/transform/";

/** A 2 x 2 matrix, row by row. */
export type Matrix2 = readonly [number, number, number, number];

function linear(
  m: Matrix2,
  tx: number,
  ty: number,
  [x, y]: readonly Float64Array[],
  [u, v]: readonly Float64Array[],
  n: number,
): void {
  const [a, b, c, d] = m;
  for (let i = 0; i < n; i++) {
    const xi = x[i];
    const yi = y[i];
    u[i] = a * xi + b * yi + tx;
    v[i] = c * xi + d * yi + ty;
  }
}

/** matrix * (x, y) + translation. */
export class AffineTransformation2D extends Transform {
  readonly nInputs = 2;
  readonly nOutputs = 2;
  readonly tag: string = `${TAG}affine-1.5.0`;
  readonly matrix: Matrix2;
  readonly translation: readonly [number, number];

  constructor(matrix: Matrix2, translation: readonly [number, number] = [0, 0]) {
    super();
    this.matrix = matrix;
    this.translation = translation;
    this.inputs = ["x", "y"];
    this.outputs = ["x", "y"];
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    linear(this.matrix, this.translation[0], this.translation[1], input, output, n);
  }

  protected override analyticInverse(): Transform | undefined {
    const [a, b, c, d] = this.matrix;
    const det = a * d - b * c;
    if (det === 0) return undefined;
    const m: Matrix2 = [d / det, -b / det, -c / det, a / det];
    const [tx, ty] = this.translation;
    return new AffineTransformation2D(m, [-(m[0] * tx + m[1] * ty), -(m[2] * tx + m[3] * ty)]);
  }

  protected fields(): Record<string, unknown> {
    return {
      matrix: new NdArray(Float64Array.from(this.matrix), [2, 2]),
      translation: Float64Array.from(this.translation),
    };
  }
}

/** Rotation in the plane by an angle in degrees, counter-clockwise. */
export class Rotation2D extends Transform {
  readonly nInputs = 2;
  readonly nOutputs = 2;
  readonly tag: string = `${TAG}rotate2d-1.5.0`;
  readonly angle: number;
  private readonly matrix: Matrix2;

  constructor(angle: number) {
    super();
    this.angle = angle;
    const c = Math.cos(angle * RAD);
    const s = Math.sin(angle * RAD);
    this.matrix = [c, -s, s, c];
    this.inputs = ["x", "y"];
    this.outputs = ["x", "y"];
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    linear(this.matrix, 0, 0, input, output, n);
  }

  protected override analyticInverse(): Transform {
    return new Rotation2D(-this.angle);
  }

  protected fields(): Record<string, unknown> {
    return markFloat({ angle: this.angle }, "angle");
  }
}

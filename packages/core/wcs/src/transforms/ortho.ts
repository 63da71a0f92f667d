import { NdArray } from "@calwebb/array";
import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { domainMap, mapped, type Range } from "./polynomial.js";
import { BLOCK, Transform } from "./transform.js";

const TAG = "tag:stsci.edu:asdf/transform/ortho_polynomial-1.2.0";

/** Families of orthogonal polynomials. */
export type OrthoKind = "chebyshev" | "legendre" | "hermite";

/** Values of the polynomials 0 .. degree at x, by their recurrences. */
function basis(kind: OrthoKind, degree: number, x: number, out: Float64Array): void {
  out[0] = 1;
  if (degree === 0) return;
  out[1] = kind === "hermite" ? 2 * x : x;
  for (let k = 2; k <= degree; k++) {
    if (kind === "chebyshev") out[k] = 2 * x * out[k - 1] - out[k - 2];
    else if (kind === "legendre") out[k] = ((2 * k - 1) * x * out[k - 1] - (k - 1) * out[k - 2]) / k;
    else out[k] = 2 * x * out[k - 1] - 2 * (k - 1) * out[k - 2];
  }
}

/** A sum of orthogonal polynomials of one or two variables; coefficients `[i][j]` belong to P_i(x) P_j(y). */
export class OrthoPolynomial extends Transform {
  readonly kind: OrthoKind;
  readonly nInputs: number;
  readonly nOutputs = 1;
  readonly tag: string = TAG;
  readonly coefficients: Float64Array;
  /** Number of coefficients along each axis. */
  readonly shape: readonly number[];
  readonly domain: readonly Range[] | undefined;
  readonly window: readonly Range[] | undefined;
  private readonly maps: readonly (readonly [number, number] | undefined)[];
  private rooms: Float64Array[] | undefined = undefined;
  private readonly px: Float64Array;
  private readonly py: Float64Array;

  constructor(
    kind: OrthoKind,
    coefficients: Float64Array,
    shape: readonly number[],
    domain?: readonly Range[],
    window?: readonly Range[],
  ) {
    super();
    if (!["chebyshev", "legendre", "hermite"].includes(kind) || shape.length < 1 || shape.length > 2)
      throw new ValidationError(`unknown orthogonal polynomial ${kind} of ${shape.length} variables`);
    this.kind = kind;
    this.coefficients = coefficients;
    this.shape = shape;
    this.nInputs = shape.length;
    this.domain = domain;
    this.window = window;
    this.maps = shape.map((_, i) => domainMap(domain?.[i], window?.[i]));
    this.px = new Float64Array(shape[0]);
    this.py = new Float64Array(shape[1] ?? 1);
    this.inputs = shape.length === 1 ? ["x"] : ["x", "y"];
    this.outputs = shape.length === 1 ? ["y"] : ["z"];
  }

  kernel(input: readonly Float64Array[], [out]: readonly Float64Array[], n: number): void {
    const rooms = (this.rooms ??= [new Float64Array(BLOCK), new Float64Array(BLOCK)]);
    const [x, y] = input.map((a, i) => mapped(a, this.maps[i], rooms[i], n));
    const { px, py, coefficients: c } = this;
    const [rows, columns] = [px.length, py.length];
    for (let k = 0; k < n; k++) {
      basis(this.kind, rows - 1, x[k], px);
      if (y) basis(this.kind, columns - 1, y[k], py);
      else py[0] = 1;
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        let row = 0;
        for (let j = 0; j < columns; j++) row += c[i * columns + j] * py[j];
        sum += px[i] * row;
      }
      out[k] = sum;
    }
  }

  protected fields(): Record<string, unknown> {
    const ranges = (r: readonly Range[] | undefined): unknown => {
      const list = this.shape.map((_, i) => markFloat([...(r?.[i] ?? [-1, 1])]));
      return list.length === 1 ? list[0] : list;
    };
    const node: Record<string, unknown> = {
      polynomial_type: this.kind,
      coefficients: new NdArray(this.coefficients, [...this.shape]),
    };
    if (this.domain) node.domain = ranges(this.domain);
    if (this.window) node.window = ranges(this.window);
    return node;
  }
}

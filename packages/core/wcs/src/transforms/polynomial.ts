import { NdArray } from "@calwebb/array";
import { markFloat } from "@calwebb/asdf";
import { ValidationError } from "@calwebb/errors";
import { BLOCK, Transform } from "./transform.js";

const TAG = "tag:stsci.edu:asdf/transform/";

/** An interval [low, high]. */
export type Range = readonly [number, number];
const UNIT: Range = [-1, 1];

/** Map a coordinate linearly from its domain to the window; undefined when that changes nothing. */
export function domainMap(domain: Range | undefined, window: Range | undefined): readonly [number, number] | undefined {
  const from = domain ?? UNIT;
  const to = window ?? UNIT;
  if (from[0] === to[0] && from[1] === to[1]) return undefined;
  const width = from[1] - from[0];
  return [(from[1] * to[0] - from[0] * to[1]) / width, (to[1] - to[0]) / width];
}

export function mapped(
  x: Float64Array,
  map: readonly [number, number] | undefined,
  room: Float64Array,
  n: number,
): Float64Array {
  if (map === undefined) return x;
  for (let i = 0; i < n; i++) room[i] = map[0] + map[1] * x[i];
  return room;
}

const pair = (range: Range): number[] => [...range];

/** c0 + c1 x + c2 x^2 + ... */
export class Polynomial1D extends Transform {
  readonly nInputs = 1;
  readonly nOutputs = 1;
  readonly tag: string = `${TAG}polynomial-1.3.0`;
  readonly coefficients: Float64Array;
  readonly domain: Range | undefined;
  readonly window: Range | undefined;
  private readonly map: readonly [number, number] | undefined;
  private room: Float64Array | undefined = undefined;

  constructor(coefficients: Float64Array, domain?: Range, window?: Range) {
    super();
    this.coefficients = coefficients;
    this.domain = domain;
    this.window = window;
    this.map = domainMap(domain, window);
    this.inputs = ["x"];
    this.outputs = ["y"];
  }

  kernel([x]: readonly Float64Array[], [y]: readonly Float64Array[], n: number): void {
    this.room ??= new Float64Array(BLOCK);
    polynomial1(this.coefficients, mapped(x, this.map, this.room, n), y, n);
  }

  protected override analyticInverse(): Transform | undefined {
    const [a, b] = this.coefficients;
    if (this.coefficients.length !== 2 || b === 0 || this.map) return undefined;
    return new Polynomial1D(Float64Array.of(-a / b, 1 / b));
  }

  protected fields(): Record<string, unknown> {
    return {
      coefficients: this.coefficients,
      domain: markFloat(pair(this.domain ?? UNIT)),
      window: markFloat(pair(this.window ?? UNIT)),
    };
  }
}

function polynomial1(c: Float64Array, x: Float64Array, y: Float64Array, n: number): void {
  const top = c.length - 1;
  for (let i = 0; i < n; i++) {
    const t = x[i];
    let s = c[top];
    for (let k = top - 1; k >= 0; k--) s = s * t + c[k];
    y[i] = s;
  }
}

/** Sum of c[i][j] x^i y^j over i + j <= degree. */
export class Polynomial2D extends Transform {
  readonly nInputs = 2;
  readonly nOutputs = 1;
  readonly tag: string = `${TAG}polynomial-1.3.0`;
  readonly degree: number;
  /** (degree + 1) x (degree + 1), row i for x^i; zero where i + j > degree. */
  readonly coefficients: Float64Array;
  readonly domain: readonly [Range, Range] | undefined;
  readonly window: readonly [Range, Range] | undefined;
  private readonly maps: readonly (readonly [number, number] | undefined)[];
  private readonly table: Float64Array;
  private rooms: Float64Array[] | undefined = undefined;

  constructor(coefficients: Float64Array, domain?: readonly [Range, Range], window?: readonly [Range, Range]) {
    super();
    const side = Math.round(Math.sqrt(coefficients.length));
    if (side * side !== coefficients.length || side === 0)
      throw new ValidationError(`a polynomial of two variables with ${coefficients.length} coefficients`, {
        wanted: "a square matrix",
      });
    this.degree = side - 1;
    this.coefficients = coefficients;
    this.domain = domain;
    this.window = window;
    this.maps = [0, 1].map((i) => domainMap(domain?.[i], window?.[i]));
    const rows = Math.max(side, 6);
    this.table = new Float64Array(rows * rows);
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side - i; j++) this.table[i * rows + j] = coefficients[i * side + j];
    this.inputs = ["x", "y"];
    this.outputs = ["z"];
  }

  /** The coefficient of x^i y^j. */
  at(i: number, j: number): number {
    return i + j <= this.degree ? this.coefficients[i * (this.degree + 1) + j] : 0;
  }

  kernel([x, y]: readonly Float64Array[], [z]: readonly Float64Array[], n: number): void {
    this.rooms ??= [new Float64Array(BLOCK), new Float64Array(BLOCK)];
    const u = mapped(x, this.maps[0], this.rooms[0], n);
    const v = mapped(y, this.maps[1], this.rooms[1], n);
    if (this.degree <= 5) quintic(this.table, u, v, z, n);
    else polynomial2(this.table, this.degree, u, v, z, n);
  }

  protected fields(): Record<string, unknown> {
    const side = this.degree + 1;
    const both = (r: readonly [Range, Range] | undefined): number[][] =>
      [0, 1].map((i) => markFloat(pair(r?.[i] ?? UNIT)));
    return {
      coefficients: new NdArray(this.coefficients, [side, side]),
      domain: both(this.domain),
      window: both(this.window),
    };
  }
}

// Written out for degree 5 (rows of 6), which most distortions have; lower degrees have zeros in the table.
function quintic(c: Float64Array, x: Float64Array, y: Float64Array, z: Float64Array, n: number): void {
  const [c00, c01, c02, c03, c04, c05] = c;
  const [c10, c11, c12, c13, c14] = c.subarray(6);
  const [c20, c21, c22, c23] = c.subarray(12);
  const [c30, c31, c32] = c.subarray(18);
  const [c40, c41] = c.subarray(24);
  const c50 = c[30];
  for (let i = 0; i < n; i++) {
    const u = x[i];
    const v = y[i];
    const p0 = c00 + v * (c01 + v * (c02 + v * (c03 + v * (c04 + v * c05))));
    const p1 = c10 + v * (c11 + v * (c12 + v * (c13 + v * c14)));
    const p2 = c20 + v * (c21 + v * (c22 + v * c23));
    const p3 = c30 + v * (c31 + v * c32);
    z[i] = p0 + u * (p1 + u * (p2 + u * (p3 + u * (c40 + v * c41 + u * c50))));
  }
}

function polynomial2(
  c: Float64Array,
  degree: number,
  x: Float64Array,
  y: Float64Array,
  z: Float64Array,
  n: number,
): void {
  const rows = degree + 1;
  for (let k = 0; k < n; k++) {
    const u = x[k];
    const v = y[k];
    let sum = 0;
    for (let i = degree; i >= 0; i--) {
      let row = 0;
      for (let j = degree - i; j >= 0; j--) row = row * v + c[i * rows + j];
      sum = sum * u + row;
    }
    z[k] = sum;
  }
}

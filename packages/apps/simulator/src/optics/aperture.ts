import { Identity, Mapping, Polynomial2D, pipe, Shift, sideBySide, type Transform } from "@calwebb/wcs";

/**
 * Geometry of an aperture in the focal plane, as the science instrument aperture files (SIAF) give it. Polynomials run over x^(i-j) y^j
 * for i = 0..degree, j = 0..i.
 */
export interface Aperture {
  /** Where the reference point is [arcsec]. */
  readonly v2Ref: number;
  readonly v3Ref: number;
  /** From V3 to the ideal y axis [deg]. */
  readonly v3IdlYAngle: number;
  /** Sense of the ideal x axis, 1 or -1. */
  readonly vIdlParity: number;
  /** Reference point [pixel of the full detector, from 1]. */
  readonly xSciRef: number;
  readonly ySciRef: number;
  /** Offset from the reference point [pixel] to ideal coordinates [arcsec]. */
  readonly sci2IdlX: readonly number[];
  readonly sci2IdlY: readonly number[];
  /** And back; good to a quarter of a pixel, behind the masks of coronagraphs to one pixel. */
  readonly idl2SciX: readonly number[];
  readonly idl2SciY: readonly number[];
}

/** Value of a polynomial and of its derivatives by x and y. */
export function polynomial(c: readonly number[], x: number, y: number): [number, number, number] {
  let [value, dx, dy] = [0, 0, 0];
  const [xs, ys] = [[1], [1]];
  for (let i = 0, k = 0; k < c.length; i++) {
    if (i > 0) {
      xs.push(xs[i - 1] * x);
      ys.push(ys[i - 1] * y);
    }
    for (let j = 0; j <= i; j++, k++) {
      const p = i - j;
      value += c[k] * xs[p] * ys[j];
      if (p > 0) dx += c[k] * p * xs[p - 1] * ys[j];
      if (j > 0) dy += c[k] * j * xs[p] * ys[j - 1];
    }
  }
  return [value, dx, dy];
}

const RAD = Math.PI / 180;

/** The matrix from ideal coordinates to V2, V3: [[a, b], [c, d]]. */
function rotation({ v3IdlYAngle, vIdlParity }: Aperture): [number, number, number, number] {
  const [c, s] = [Math.cos(v3IdlYAngle * RAD), Math.sin(v3IdlYAngle * RAD)];
  return [vIdlParity * c, s, -vIdlParity * s, c];
}

/** V2, V3 [arcsec] of a pixel of the full detector, counted from 0. */
export function pixelToV23(aperture: Aperture, x: number, y: number): [number, number] {
  const [u, v] = [x + 1 - aperture.xSciRef, y + 1 - aperture.ySciRef];
  const [idlX] = polynomial(aperture.sci2IdlX, u, v);
  const [idlY] = polynomial(aperture.sci2IdlY, u, v);
  const [a, b, c, d] = rotation(aperture);
  return [aperture.v2Ref + a * idlX + b * idlY, aperture.v3Ref + c * idlX + d * idlY];
}

/**
 * The pixel of the full detector, counted from 0, that sees V2, V3 [arcsec]: Newton's steps on the forward polynomials, to 1e-9 pixel.
 * @returns NaN far outside of the detector, where the polynomials have no meaning
 */
export function v23ToPixel(aperture: Aperture, v2: number, v3: number): [number, number] {
  const [a, b, c, d] = rotation(aperture);
  const [dv2, dv3] = [v2 - aperture.v2Ref, v3 - aperture.v3Ref];
  // The inverse of a rotation, or of a reflection, is its transpose.
  const [idlX, idlY] = [a * dv2 + c * dv3, b * dv2 + d * dv3];
  let u = polynomial(aperture.idl2SciX, idlX, idlY)[0];
  let v = polynomial(aperture.idl2SciY, idlX, idlY)[0];
  for (let step = 0; step < 8; step++) {
    if (!(Math.abs(u) < 4096 && Math.abs(v) < 4096)) return [Number.NaN, Number.NaN];
    const [fx, fxu, fxv] = polynomial(aperture.sci2IdlX, u, v);
    const [fy, fyu, fyv] = polynomial(aperture.sci2IdlY, u, v);
    const determinant = fxu * fyv - fxv * fyu;
    const [ex, ey] = [idlX - fx, idlY - fy];
    const [du, dv] = [(fyv * ex - fxv * ey) / determinant, (fxu * ey - fyu * ex) / determinant];
    u += du;
    v += dv;
    if (Math.abs(du) < 1e-9 && Math.abs(dv) < 1e-9) return [u + aperture.xSciRef - 1, v + aperture.ySciRef - 1];
  }
  return [Number.NaN, Number.NaN];
}

/** Derivatives of V2, V3 by the pixel coordinates [arcsec/pixel]: [v2/x, v2/y, v3/x, v3/y]. */
export function jacobian(aperture: Aperture, x: number, y: number): [number, number, number, number] {
  const [u, v] = [x + 1 - aperture.xSciRef, y + 1 - aperture.ySciRef];
  const [, fxu, fxv] = polynomial(aperture.sci2IdlX, u, v);
  const [, fyu, fyv] = polynomial(aperture.sci2IdlY, u, v);
  const [a, b, c, d] = rotation(aperture);
  return [a * fxu + b * fyu, a * fxv + b * fyv, c * fxu + d * fyu, c * fxv + d * fyv];
}

/** Area of a pixel of the full detector [arcsec^2]. */
export function pixelArea(aperture: Aperture, x: number, y: number): number {
  const [a, b, c, d] = jacobian(aperture, x, y);
  return Math.abs(a * d - b * c);
}

/** Side of a square with the area of the pixel at the reference point [arcsec]. */
export const pixelScale = (aperture: Aperture): number =>
  Math.sqrt(pixelArea(aperture, aperture.xSciRef - 1, aperture.ySciRef - 1));

/** Coefficients as the square matrix that {@link Polynomial2D} takes. */
function matrix(c: readonly number[]): Float64Array {
  const side = Math.round((Math.sqrt(8 * c.length + 1) - 1) / 2);
  const out = new Float64Array(side * side);
  for (let i = 0, k = 0; i < side; i++) for (let j = 0; j <= i; j++, k++) out[(i - j) * side + j] = c[k];
  return out;
}

const both = (x: readonly number[], y: readonly number[]): Transform[] => [
  new Mapping([0, 1, 0, 1], 2).withInverse(new Identity(2)),
  sideBySide(new Polynomial2D(matrix(x)), new Polynomial2D(matrix(y))),
];

/** The transform of a distortion reference: pixels of the full detector, counted from 0, to V2, V3 [arcsec], with its inverse. */
export function distortion(aperture: Aperture): Transform {
  const { v2Ref, v3Ref, xSciRef, ySciRef } = aperture;
  const [a, b, c, d] = rotation(aperture);
  const shift = (x: number, y: number): Transform => sideBySide(new Shift(x), new Shift(y));
  const forward = pipe(
    shift(1 - xSciRef, 1 - ySciRef),
    ...both(aperture.sci2IdlX, aperture.sci2IdlY),
    ...both([0, a, b], [0, c, d]),
    shift(v2Ref, v3Ref),
  );
  const inverse = pipe(
    shift(-v2Ref, -v3Ref),
    ...both([0, a, c], [0, b, d]),
    ...both(aperture.idl2SciX, aperture.idl2SciY),
    shift(xSciRef - 1, ySciRef - 1),
  );
  return forward.withInverse(inverse);
}

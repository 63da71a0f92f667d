import { ValidationError } from "@calwebb/errors";
import { Shift } from "../transforms/basic.js";
import { BoundingBox } from "../transforms/bounding-box.js";
import { pipe, sideBySide } from "../transforms/compound.js";
import { lonPole } from "../transforms/fits-imaging.js";
import { Projection } from "../transforms/projection.js";
import { RotateCelestial2Native } from "../transforms/sphere.js";
import type { Transform } from "../transforms/transform.js";
import type { Wcs } from "../wcs.js";
import { type FitResult, fitPolynomials, type Samples } from "./poly-fit.js";

/** Cards of a FITS WCS by keyword. */
export type FitsCards = Record<string, string | number>;

export interface SipOptions {
  /** Largest error of the forward fit [pixel]; default 0.01. */
  maxPixError?: number;
  /** Degree, or degrees to try (default 1 .. 5). */
  degree?: number | readonly number[];
  /** Largest error of the inverse fit [pixel]; default 0.01. 0 leaves the inverse out. */
  maxInvPixError?: number;
  invDegree?: number | readonly number[];
  /** Points per axis, at least 8; default 12. */
  npoints?: number;
  /** Reference pixel, counted from 1; default: the middle of the bounding box. */
  crpix?: readonly [number, number];
  /** Code of the projection; default TAN. */
  projection?: string;
  boundingBox?: BoundingBox | readonly (readonly [number, number])[];
}

const DEGREES: readonly number[] = [1, 2, 3, 4, 5];

/** What a fit gave. */
export interface SipFit {
  cards: FitsCards;
  /** Largest errors [pixel]; the second one undefined without an inverse. */
  maxError: number;
  maxInvError: number | undefined;
  /** Whether both are within the limits. */
  accurate: boolean;
}

function samplesOf(
  points: number,
  box: readonly (readonly [number, number])[],
  crpix: readonly number[],
): Float64Array[] {
  const axes = box.map(([low, high], i) => {
    const step = (low - high) / (1 - points);
    const count = Math.ceil((high + step - low) / step);
    return Array.from({ length: count }, (_, k) => low + k * step - crpix[i]);
  });
  const [u, v]: number[][] = [[], []];
  for (const y of axes[1])
    for (const x of axes[0]) {
      u.push(x);
      v.push(y);
    }
  return [Float64Array.from(u), Float64Array.from(v)];
}

/** Coefficients of the linear terms as a matrix of rows x, y. */
const linearOf = (fit: FitResult): [number, number, number, number] => [
  fit.x[fit.degree + 1],
  fit.x[1],
  fit.y[fit.degree + 1],
  fit.y[1],
];

function store(cards: FitsCards, prefix: string, c: Float64Array, degree: number, least: number): void {
  for (let p = 0; p <= degree; p++)
    for (let q = 0; q <= degree - p; q++) if (p + q >= least) cards[`${prefix}_${p}_${q}`] = c[p * (degree + 1) + q];
}

/**
 * Approximate a celestial WCS of two axes by a FITS WCS with SIP polynomials (Shupe et al. 2005, ASPC 347, 491), fitted on a grid
 * over the bounding box.
 * @throws {ValidationError} without a bounding box, for one smaller than a pixel, or for fewer than 8 points per axis
 */
export function fitSip(wcs: Wcs, options: SipOptions = {}): SipFit {
  const { maxPixError = 0.01, degree = DEGREES, maxInvPixError = 0.01, invDegree = DEGREES, npoints = 12 } = options;
  if (npoints < 8) throw new ValidationError("a SIP fit needs 8 or more points per axis", { got: String(npoints) });
  const given = options.boundingBox;
  const box = given === undefined || given instanceof BoundingBox ? (given ?? wcs.boundingBox) : new BoundingBox(given);
  if (!box) throw new ValidationError("a SIP fit needs a bounding box, and the WCS has none");
  const limits = [box.at(0), box.at(1)];
  if (limits.some(([low, high]) => !(high - low >= 1) || !Number.isFinite(high - low)))
    throw new ValidationError("the bounding box is too small for a SIP fit", { got: JSON.stringify(limits) });
  const crpix = options.crpix
    ? [options.crpix[0] - 1, options.crpix[1] - 1]
    : limits.map(([low, high]) => Math.round(5 * (low + high)) / 10);
  const transform: Transform = wcs.forwardTransform;
  const [lon, lat] = transform.point(crpix[0], crpix[1]);
  const code = options.projection ?? "TAN";
  const projection = Projection.ofCode(code, "sky2pix");
  const native = pipe(
    sideBySide(new Shift(crpix[0]), new Shift(crpix[1])),
    transform,
    new RotateCelestial2Native(lon, lat, lonPole(lat, projection)),
    projection,
  );
  const sample = (points: number): Samples => {
    const [u, v] = samplesOf(points, limits, crpix);
    const [x, y] = native.evaluate([u, v]);
    return { u, v, x, y };
  };
  const points = sample(npoints);
  const check = sample(2 * npoints);
  const scale = plateScale(native);
  const fit = fitPolynomials(points, { degree, maxError: maxPixError, scale, check });
  const cd = linearOf(fit);
  const cards = linearCards(code, crpix, [lon, lat], cd, wcs.outputFrame.name, lonPole(lat, projection));
  if (fit.degree <= 1) {
    cards.SIPMXERR = fit.error;
    return { cards, maxError: fit.error, maxInvError: undefined, accurate: fit.accurate };
  }
  cards.CTYPE1 = `${cards.CTYPE1}-SIP`;
  cards.CTYPE2 = `${cards.CTYPE2}-SIP`;
  cards.A_ORDER = fit.degree;
  cards.B_ORDER = fit.degree;
  const [a, b] = overMatrix(cd, fit.x, fit.y);
  store(cards, "A", a, fit.degree, 2);
  store(cards, "B", b, fit.degree, 2);
  cards.SIPMXERR = fit.error;
  if (maxInvPixError === 0) return { cards, maxError: fit.error, maxInvError: undefined, accurate: fit.accurate };
  const inverse = fitPolynomials(turned(cd, points), {
    degree: invDegree,
    maxError: maxInvPixError,
    scale: 1,
    check: turned(cd, check),
  });
  cards.AP_ORDER = inverse.degree;
  cards.BP_ORDER = inverse.degree;
  store(cards, "AP", inverse.x, inverse.degree, 1);
  store(cards, "BP", inverse.y, inverse.degree, 1);
  cards.SIPIVERR = inverse.error;
  return {
    cards,
    maxError: fit.error,
    maxInvError: inverse.error,
    accurate: fit.accurate && inverse.accurate,
  };
}

/** Size of a pixel at the reference pixel [deg]. */
function plateScale(native: Transform): number {
  const [x0, y0] = native.point(0, 0);
  const [xx, xy] = native.point(1, 0);
  const [yx, yy] = native.point(0, 1);
  return Math.sqrt(Math.abs((xx - x0) * (yy - y0) - (xy - y0) * (yx - x0)));
}

function overMatrix(cd: readonly number[], x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const [a, b, c, d] = cd;
  const det = a * d - b * c;
  return [x.map((xi, i) => (d * xi - b * y[i]) / det), y.map((yi, i) => (a * yi - c * x[i]) / det)];
}

/** Samples of the inverse: from the linear coordinates to the pixels, minus the linear coordinates. */
function turned(cd: readonly number[], s: Samples): Samples {
  const [u, v] = overMatrix(cd, s.x, s.y);
  return { u, v, x: s.u.map((p, i) => p - u[i]), y: s.v.map((p, i) => p - v[i]) };
}

function linearCards(
  code: string,
  crpix: readonly number[],
  crval: readonly number[],
  cd: readonly number[],
  name: string,
  pole: number,
): FitsCards {
  return {
    WCSAXES: 2,
    WCSNAME: name,
    CRPIX1: crpix[0] + 1,
    CRPIX2: crpix[1] + 1,
    CD1_1: cd[0],
    CD1_2: cd[1],
    CD2_1: cd[2],
    CD2_2: cd[3],
    CUNIT1: "deg",
    CUNIT2: "deg",
    CTYPE1: `RA---${code}`,
    CTYPE2: `DEC--${code}`,
    CRVAL1: crval[0],
    CRVAL2: crval[1],
    LONPOLE: pole,
    LATPOLE: crval[1],
    MJDREF: 0,
    RADESYS: "ICRS",
  };
}

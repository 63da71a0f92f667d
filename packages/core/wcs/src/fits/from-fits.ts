import { ValidationError } from "@calwebb/errors";
import { celestialFrame, frame2D } from "../frame.js";
import { AffineTransformation2D, type Matrix2 } from "../transforms/affine.js";
import { Mapping, Shift } from "../transforms/basic.js";
import { pipe, sideBySide } from "../transforms/compound.js";
import { lonPole } from "../transforms/fits-imaging.js";
import { Polynomial2D } from "../transforms/polynomial.js";
import { Projection } from "../transforms/projection.js";
import { RotateNative2Celestial } from "../transforms/sphere.js";
import type { Transform } from "../transforms/transform.js";
import { RAD } from "../transforms/trig.js";
import { Wcs } from "../wcs.js";

/** Cards of a FITS header by keyword; upper or lower case. */
export type WcsCards = Readonly<Record<string, string | number | boolean | undefined>>;

/** Looks keywords up whatever their case. */
class Cards {
  private readonly cards = new Map<string, string | number | boolean>();

  constructor(cards: WcsCards) {
    for (const [key, value] of Object.entries(cards))
      if (value !== undefined && value !== null) this.cards.set(key.toUpperCase(), value);
  }

  has(key: string): boolean {
    return this.cards.has(key);
  }

  number(key: string, fallback: number): number {
    const value = this.cards.get(key);
    if (value === undefined) return fallback;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new ValidationError(`the keyword ${key} is not a number`, { where: key, got: String(value) });
  }

  text(key: string): string {
    return String(this.cards.get(key) ?? "").trim();
  }
}

/**
 * Intermediate world coordinates per pixel: CD, or PC and CDELT, or CROTA2 (Greisen & Calabretta 2002, A&A 395, 1061).
 * Keywords of a matrix that has any count as zero where they are missing.
 */
function matrixOf(c: Cards): Matrix2 {
  const all = (prefix: string): number[] =>
    ["1_1", "1_2", "2_1", "2_2"].map((s) =>
      c.number(prefix + s, prefix === "PC" && (s === "1_1" || s === "2_2") ? 1 : 0),
    );
  const any = (prefix: string): boolean => ["1_1", "1_2", "2_1", "2_2"].some((s) => c.has(prefix + s));
  if (any("CD")) return all("CD") as unknown as Matrix2;
  const [dx, dy] = [c.number("CDELT1", 1), c.number("CDELT2", 1)];
  if (!any("PC") && c.has("CROTA2")) {
    const angle = c.number("CROTA2", 0) * RAD;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [dx * cos, -dy * sin, dx * sin, dy * cos];
  }
  const [a, b, d, e] = all("PC");
  return [dx * a, dx * b, dy * d, dy * e];
}

/** u + A(u, v), v + B(u, v). */
function sipOf(c: Cards, a: string, b: string): Transform | undefined {
  if (!c.has(`${a}_ORDER`) && !c.has(`${b}_ORDER`)) return undefined;
  const polynomial = (prefix: string, linear: readonly [number, number]): Polynomial2D => {
    const degree = Math.max(1, c.number(`${prefix}_ORDER`, 1));
    if (!Number.isInteger(degree) || degree > 9)
      throw new ValidationError(`${prefix}_ORDER is ${degree}`, { where: `${prefix}_ORDER`, wanted: "1 .. 9" });
    const side = degree + 1;
    const coefficients = new Float64Array(side * side);
    for (let p = 0; p <= degree; p++)
      for (let q = 0; q <= degree - p; q++) coefficients[p * side + q] = c.number(`${prefix}_${p}_${q}`, 0);
    coefficients[side] += linear[0];
    coefficients[1] += linear[1];
    return new Polynomial2D(coefficients);
  };
  return pipe(new Mapping([0, 1, 0, 1]), sideBySide(polynomial(a, [1, 0]), polynomial(b, [0, 1])));
}

/**
 * The WCS of a celestial FITS header of two axes, with SIP polynomials when CTYPE ends in -SIP.
 * @param options.shape - ny, nx of the image, which becomes the bounding box
 * @throws {ValidationError} when the axes are not celestial, or of a projection that is not supported
 */
export function wcsFromFits(cards: WcsCards, options: { shape?: readonly number[]; name?: string } = {}): Wcs {
  const c = new Cards(cards);
  const types = [c.text("CTYPE1"), c.text("CTYPE2")];
  const parts = types.map((t) => /^(RA|DEC|[GEHS]LON|[GEHS]LAT)-+([A-Z]{3})(-SIP)?$/.exec(t));
  const [first, second] = parts;
  const isLon = (m: RegExpExecArray | null): boolean => m !== null && (m[1] === "RA" || m[1].endsWith("LON"));
  if (!first || !second || isLon(first) === isLon(second) || first[2] !== second[2])
    throw new ValidationError(`the axes ${types.join(", ")} are not a pair of celestial axes`, {
      where: "CTYPE1",
      got: types.join(", "),
      wanted: "RA---TAN, DEC--TAN or the like",
    });
  const swapped = !isLon(first);
  const [lon, lat] = swapped ? ["2", "1"] : ["1", "2"];
  const projection = Projection.ofCode(first[2], "pix2sky");
  const crval = [c.number(`CRVAL${lon}`, 0), c.number(`CRVAL${lat}`, 0)];
  const steps: Transform[] = [sideBySide(new Shift(1 - c.number("CRPIX1", 0)), new Shift(1 - c.number("CRPIX2", 0)))];
  const sip = first[3] ? sipOf(c, "A", "B") : undefined;
  if (sip) {
    const inverse = sipOf(c, "AP", "BP");
    steps.push(inverse ? sip.withInverse(inverse) : sip);
  }
  steps.push(new AffineTransformation2D(matrixOf(c)));
  if (swapped) steps.push(new Mapping([1, 0]));
  const pole = c.number("LONPOLE", lonPole(crval[1], projection));
  steps.push(projection, new RotateNative2Celestial(crval[0], crval[1], pole));
  if (swapped) steps.push(new Mapping([1, 0]));
  const [head, ...rest] = steps;
  const world = swapped
    ? celestialFrame(options.name ?? "world", { axesNames: ["lat", "lon"], axesOrder: [1, 0] })
    : celestialFrame(options.name ?? "world");
  const wcs = new Wcs([{ frame: frame2D("detector"), transform: pipe(head, ...rest) }, { frame: world }]);
  if (options.shape) {
    const [ny, nx] = options.shape.slice(-2);
    wcs.boundingBox = [
      [-0.5, nx - 0.5],
      [-0.5, ny - 0.5],
    ];
  }
  return wcs;
}

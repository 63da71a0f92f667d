import {
  Arithmetic,
  Const,
  Identity,
  logical,
  Mapping,
  pipe,
  Scale,
  Shift,
  sideBySide,
  Tabular1D,
  type Transform,
} from "@calwebb/wcs";
import { type Disperser, toCosines } from "./disperser.js";
import type { Exposure } from "./exposure.js";
import type { Place, References } from "./references.js";
import type { SlitRange } from "./slits.js";

const NAMED = ["x", "y", "name"] as const;

/** Pixels of the subarray to pixels of the detector as its maker counts them. */
export function pixelsToSca({ detector, xstart, ystart }: Pick<Exposure, "detector" | "xstart" | "ystart">): Transform {
  const full = sideBySide(new Shift(xstart - 1), new Shift(ystart - 1));
  if (detector === "NRS1") return pipe(full, new Identity(2));
  // NRS2 is read the other way round.
  const turned = pipe(sideBySide(new Shift(-2047), new Shift(-2047)), sideBySide(new Scale(-1), new Scale(-1)));
  return pipe(full, turned);
}

/** Pixels of the detector to the direction of light that comes from the grating wheel. */
export async function scaToGwa(
  detector: string,
  disperser: Pick<Disperser, "rotation">,
  references: References,
): Promise<Transform> {
  const fpa = await references.transform("fpa", `${detector.toLowerCase()}_model`);
  return pipe(fpa, await references.transform("camera"), toCosines(), disperser.rotation);
}

/** The MSA [m] to the direction of light that goes to the grating wheel. */
export async function msaToGwa(disperser: Disperser, references: References): Promise<Transform> {
  return pipe((await references.transform("collimator")).inverse, toCosines(), disperser.rotation);
}

/** A transform that passes the name of the slit on as its last coordinate. */
export function passName(transform: Transform): Transform {
  return sideBySide(transform, new Identity(1));
}

/** Pixels and slit to pixels of the detector and slit. */
export function namedPixelsToSca(exposure: Exposure): Transform {
  return passName(pixelsToSca(exposure)).withAxes(NAMED, NAMED).named("dms2sca");
}

/** Pixels of the detector and slit to slit and direction. */
export function namedScaToGwa(toGwa: Transform): Transform {
  const order = new Mapping([3, 0, 1, 2]).withInverse(new Mapping([1, 2, 3, 0]));
  return pipe(passName(toGwa), order).withAxes(NAMED, ["name", "angle1", "angle2", "angle3"]).named("det2gwa");
}

/** Position in an aperture, whose size is 1, to the plane that the aperture is in [m]. */
export function placeTransform({ x, y, width, height }: Place): Transform {
  return pipe(sideBySide(new Scale(width), new Scale(height)), sideBySide(new Shift(x), new Shift(y)));
}

/** Position along a slit from the direction of its light at the wheel across the dispersion, as a table of 1000 points. */
export function alongSlit(toGwa: Transform, [low, high]: SlitRange, wavelength?: number): Transform {
  const n = 1000;
  const step = (high - low) / (n - 1);
  const y = Float64Array.from({ length: n }, (_, i) => (i === n - 1 ? high : low + i * step));
  const x = new Float64Array(n);
  const input = wavelength === undefined ? [x, y] : [x, y, new Float64Array(n).fill(wavelength)];
  return new Tabular1D(toGwa.evaluate(input)[1], y, { boundsError: false }).named("tabular");
}

/** NaN for the position along the slit and the wavelength of points outside the slit. */
export function insideSlit([low, high]: SlitRange): Transform {
  const test = (condition: string, compareto: number): Transform =>
    logical({ condition, compareto, value: Number.NaN }) as Transform;
  const nan = pipe(test("GT", high), test("LT", low), new Scale(0));
  const sum = (): Transform => new Arithmetic("add", new Mapping([0], 2), new Mapping([1], 2));
  return pipe(
    new Mapping([0, 1, 2, 1]),
    sideBySide(new Identity(3), nan),
    new Mapping([0, 1, 3, 2, 3]),
    sideBySide(new Identity(1), sum(), sum()),
  ).withInverse(new Identity(3));
}

/** What the two ways between the wheel and a slit are made of. */
export interface SlitOptics {
  /** Position in the slit [, wavelength] to the direction at the wheel. */
  toGwa: Transform;
  /** The same for all wavelengths; the IFU bends light by its wavelength. */
  toGwaOut: Transform;
  /** Whether `toGwa` also takes a coordinate for the wavelength. */
  withWavelength: boolean;
  range: SlitRange;
  wavelength?: number;
}

/**
 * Direction of light that comes from the wheel to the position in a slit and the wavelength. What the slit is known by is the middle
 * of its width: a pixel sees it as a line.
 */
export function gwaToSlit(disperser: Disperser, optics: SlitOptics): Transform {
  const { toGwa, toGwaOut, withWavelength, range, wavelength } = optics;
  const times = (factor: number): Transform => new Arithmetic("multiply", new Const(factor), new Identity(1));
  const forward = pipe(
    new Mapping([0, 1, 0, 1], 3),
    sideBySide(times(0), times(-1), new Identity(2)),
    sideBySide(new Identity(1), alongSlit(toGwa, range, wavelength), new Identity(2)),
    new Mapping(withWavelength ? [0, 1, 0, 1, 1, 2, 3] : [0, 1, 0, 1, 2, 3]),
    sideBySide(new Identity(2), toGwa, new Identity(2)),
    new Mapping([0, 1, 2, 3, 5], 7),
    sideBySide(new Identity(2), disperser.wavelength),
    insideSlit(range),
  );
  const out = pipe(sideBySide(toGwaOut, new Identity(1)), new Mapping([3, 0, 1, 2]), disperser.angle);
  return forward.withInverse(withWavelength ? pipe(new Mapping([0, 1, 2, 2]), out) : out);
}

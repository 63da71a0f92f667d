import { ValidationError } from "@calwebb/errors";
import {
  Arithmetic,
  Const,
  coords,
  gratingEquation,
  Identity,
  Mapping,
  pipe,
  refractionIndexFromPrism,
  rotationToGwa,
  Scale,
  sellmeier,
  sideBySide,
  snell,
  Tabular1D,
  type Transform,
  zemax,
} from "@calwebb/wcs";
import type { Exposure, SpectralRange } from "./exposure.js";
import type { References } from "./references.js";

/** Speed of light [m/s]. */
const LIGHT = 299792458;

/** A grating or the prism, turned as the wheel was. */
export interface Disperser {
  /** Rotation to the frame of the element. */
  rotation: Transform;
  /** Wavelength [m] and direction of light to the direction after the element. */
  angle: Transform;
  /** The same for wavelengths in the frame of the observatory. */
  angleAtRest: Transform;
  /** Directions before and after the element to the wavelength: [m], or [um] where coordinates end at the MSA. */
  wavelength: Transform;
}

/**
 * Turn of the element about one axis [deg] from the reading of a sensor on the wheel: half of what the reading changes
 * against the one at calibration, because light is reflected.
 */
async function turn(
  references: References,
  axis: "gwa_tiltx" | "gwa_tilty",
  reading: number | undefined,
): Promise<number> {
  if (reading === undefined || reading === null) return 0;
  const model = await references.transform("disperser", `${axis}.tilt_model`);
  const [zero] = references.numbers("disperser", `${axis}.zeroreadings`);
  return (0.5 * (model.point(reading)[0] - model.point(zero)[0])) / 3600;
}

/** Wavelengths in the frame of the barycentre: a factor, with its inverse. */
function barycentre(velocity: number): Transform {
  const factor = (name: string): Transform => new Const(1 / (1 + velocity / LIGHT)).named(name);
  return new Arithmetic("multiply", new Identity(1), factor("velocity_correction")).withInverse(
    new Arithmetic("divide", new Identity(1), factor("inv_vel_correction")),
  );
}

function grating(references: References, order: number): Pick<Disperser, "angle" | "wavelength"> {
  const density = references.number("disperser", "groovedensity");
  const members = { groove_density: density, order };
  return {
    angle: pipe(
      new Mapping([0, 1, 2], 4),
      sideBySide(new Identity(1), new Scale(-1), new Identity(1)),
      gratingEquation({ ...members, output: "angle" }, "gwcs").named("alpha_from_greq"),
    ),
    wavelength: pipe(
      new Mapping([0, 2], 3),
      gratingEquation({ ...members, output: "wavelength" }, "gwcs").named("lambda_from_gratingeq"),
      new Scale(-1),
    ),
  };
}

function prism(references: References, temperature: number | undefined): Pick<Disperser, "angle" | "wavelength"> {
  if (temperature === undefined)
    throw new ValidationError("the exposure has no temperature of the grating wheel, which the prism needs", {
      where: "GWA_TILT",
    });
  const number = (name: string): number => references.number("disperser", name);
  const [angle, refTemperature, pressure] = [number("angle"), number("tref"), number("pref")];
  const [k, l, t] = ["kcoef", "lcoef", "tcoef"].map((name) => references.numbers("disperser", name));
  const glass = {
    b: k,
    c: l,
    d: t.slice(0, 3),
    e: t.slice(3),
    temperature,
    refTemperature,
    pressure,
    refPressure: pressure,
  };
  const index = (lam: number): number =>
    temperature - refTemperature < 20 ? sellmeier(k, l, lam * 1e6) : zemax(glass, lam * 1e6);
  const count = Math.ceil((8.005 - 0.3) / 0.005);
  // The step as two neighbours have it. From long to short wavelengths, so that the index rises.
  const step = 0.3 + 0.005 - 0.3;
  const lam = Float64Array.from({ length: count }, (_, i) => (0.3 + (count - 1 - i) * step) * 1e-6);
  const table = new Tabular1D(lam.map(index), lam, { boundsError: false });
  return {
    angle: snell({
      prism_angle: angle,
      kcoef: k,
      lcoef: l,
      tcoef: t,
      ref_temp: refTemperature,
      ref_pressure: pressure,
      temp: temperature,
      pressure,
    }).named("snell_law"),
    wavelength: pipe(refractionIndexFromPrism({ prism_angle: angle }).named("n_prism"), table),
  };
}

/** Readings of the sensors on the wheel (GWA_XTIL, GWA_YTIL). */
export interface Tilts {
  x: number | undefined;
  y: number | undefined;
}

/** Rotation to the frame of a grating, the prism or the mirror, turned as the wheel was. */
export async function rotationOf(tilts: Tilts, references: References): Promise<Transform> {
  const number = (name: string): number => references.number("disperser", name);
  // The sensor along x tells of the turn about y, and the other way round.
  const angles = [
    number("theta_x") + (await turn(references, "gwa_tilty", tilts.y)),
    number("theta_y") + (await turn(references, "gwa_tiltx", tilts.x)),
    number("theta_z"),
    number("tilt_y"),
  ];
  return rotationToGwa(angles, "xyzy").named("rotation");
}

/** The element of an exposure. */
export async function disperserOf(
  exposure: Exposure,
  tilts: Tilts,
  references: References,
  { order }: SpectralRange,
): Promise<Disperser> {
  const rotation = await rotationOf(tilts, references);
  const prismatic = exposure.grating.toLowerCase() === "prism";
  const element = prismatic ? prism(references, exposure.temperature) : grating(references, order);
  let { angle, wavelength } = element;
  if (exposure.velocity !== undefined) {
    const correction = barycentre(exposure.velocity);
    wavelength = pipe(wavelength, correction);
    angle = pipe(sideBySide(correction.inverse, new Identity(3)), angle);
  }
  if (exposure.internal) wavelength = pipe(wavelength, new Scale(1e6));
  return { rotation, angle, angleAtRest: element.angle, wavelength };
}

/** Slopes to direction cosines. */
export const toCosines = (): Transform =>
  coords({ model_type: "unitless2directional" }).named("unitless2directional_cosines");

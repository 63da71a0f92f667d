import { random } from "@calwebb/rng";

/** A source on the sky. */
export interface Source {
  readonly id: number;
  /** ICRS [deg] */
  readonly ra: number;
  readonly dec: number;
  /** AB magnitude at {@link REFERENCE_WAVELENGTH}. */
  readonly magnitude: number;
  /** Temperature of a star [K]; a galaxy has none. */
  readonly temperature?: number;
  /** Flux density of a galaxy grows as this power of the wavelength. */
  readonly slope?: number;
  /** Shape of a galaxy. */
  readonly galaxy?: {
    /** Index of the Sérsic profile: disc or spheroid. */
    readonly sersic: 1 | 4;
    /** Half-light radius along the major axis [arcsec]. */
    readonly radius: number;
    readonly axisRatio: number;
    /** Position angle of the major axis, north over east [deg]. */
    readonly angle: number;
  };
}

/** Where magnitudes of sources are given [um]. */
export const REFERENCE_WAVELENGTH = 2;

/** A field to fill with sources. */
export interface FieldOptions {
  /** Centre [deg]. */
  ra: number;
  dec: number;
  /** Half the side of the square [arcsec]. */
  radius: number;
  /** Sources per square arcminute. */
  stars: number;
  galaxies: number;
  /** Brightest and faintest magnitude of stars. */
  brightest: number;
  faintest: number;
  seed: number;
}

/** A field of the Large Magellanic Cloud, where the telescope was calibrated, and where exposures of seconds show many stars. */
export const CROWDED_FIELD: Readonly<FieldOptions> = {
  ra: 80.4875,
  dec: -69.4975,
  radius: 40,
  stars: 1500,
  galaxies: 400,
  brightest: 17,
  faintest: 25,
  seed: 1,
};

/** Magnitude of a population whose number grows as 10^(slope m). */
function magnitude(u: number, bright: number, faint: number, slope: number): number {
  const [a, b] = [10 ** (slope * bright), 10 ** (slope * faint)];
  return Math.log10(a + u * (b - a)) / slope;
}

/**
 * Draw the sources of a field: stars with numbers growing as 10^(0.25 m) and temperatures of 3000 to 9000 K, galaxies from two magnitudes
 * fainter than the brightest star, growing as 10^(0.35 m), half of them discs.
 */
export function drawSources(options: Partial<FieldOptions> = {}): Source[] {
  const { ra, dec, radius, stars, galaxies, brightest, faintest, seed } = { ...CROWDED_FIELD, ...options };
  const r = random(seed).fork(50);
  const area = (radius / 30) ** 2;
  const place = (): { ra: number; dec: number } => ({
    ra: ra + ((2 * r.uniform() - 1) * radius) / 3600 / Math.cos((dec * Math.PI) / 180),
    dec: dec + ((2 * r.uniform() - 1) * radius) / 3600,
  });
  const out: Source[] = [];
  const count = Math.round(stars * area);
  for (let k = 0; k < count; k++)
    out.push({
      id: out.length + 1,
      ...place(),
      magnitude: magnitude(r.uniform(), brightest, faintest, 0.25),
      temperature: 3000 * 3 ** r.uniform(),
    });
  for (let k = 0; k < Math.round(galaxies * area); k++) {
    const m = magnitude(r.uniform(), brightest + 2, faintest, 0.35);
    out.push({
      id: out.length + 1,
      ...place(),
      magnitude: m,
      slope: -0.5 + 2 * r.uniform(),
      galaxy: {
        sersic: r.uniform() < 0.5 ? 1 : 4,
        radius: 0.25 * 10 ** (-0.1 * (m - 22)) * Math.exp(0.35 * r.normal()),
        axisRatio: 0.25 + 0.75 * r.uniform(),
        angle: 180 * r.uniform(),
      },
    });
  }
  return out;
}

/** h c / k [um K] */
const HCK = 14387.77;

/** Flux density [Jy] of a source at a wavelength [um]: stars are black bodies, galaxies power laws. */
export function fluxOf({ magnitude: m, temperature, slope = 0 }: Source, wavelength: number): number {
  const reference = 3631 * 10 ** (-0.4 * m);
  if (temperature === undefined) return reference * (wavelength / REFERENCE_WAVELENGTH) ** slope;
  const planck = (w: number): number => w ** -3 / Math.expm1(HCK / (w * temperature));
  return (reference * planck(wavelength)) / planck(REFERENCE_WAVELENGTH);
}

import type { EcsvTable } from "@calwebb/ecsv";
import type { SimulatedExposure } from "../exposure.js";
import type { Source } from "../sky/catalog.js";

/** What an exposure is for in its association of stage 3. */
export type Role = "science" | "psf" | "background";

/** An exposure of an observation. */
export interface Take {
  readonly exposure: SimulatedExposure;
  readonly role: Role;
}

/** A set of exposures that are processed together. */
export interface Observation {
  /** Type of the association of stage 3. */
  readonly type: "image3" | "coron3" | "tso3" | "wfs-image3";
  /** Name of the product of stage 3. */
  readonly product: string;
  /** Suffixes of what stages 1 and 2 hand on: of images, or of cubes with a plane for each integration. */
  readonly suffixes: { readonly rate: "rate" | "rateints"; readonly cal: "cal" | "calints" };
  readonly ngroups: number;
  /** What is on the sky. */
  readonly truth: EcsvTable;
  /** The exposures, one after the other; each is simulated when it is asked for. */
  takes(): Generator<Take>;
}

/** Suffixes of images and cubes. */
export const IMAGES = { rate: "rate", cal: "cal" } as const;
export const CUBES = { rate: "rateints", cal: "calints" } as const;

/**
 * The true sources as a table: position [deg], AB magnitude and flux density [Jy] in the band, shape of galaxies.
 * @param flux - flux density [Jy] of a source in the band
 */
export function truthTable(
  sources: readonly Source[],
  flux: (source: Source) => number,
  meta: Readonly<Record<string, string | number>>,
): EcsvTable {
  const numbers = (name: string, unit: string, value: (s: Source) => number | undefined) => ({
    name,
    type: "float64" as const,
    unit,
    values: sources.map(value),
  });
  return {
    meta: { ...meta },
    columns: [
      { name: "id", type: "int32", values: sources.map((s) => s.id) },
      { name: "kind", type: "string", values: sources.map((s) => (s.galaxy ? "galaxy" : "star")) },
      numbers("RA", "deg", (s) => s.ra),
      numbers("DEC", "deg", (s) => s.dec),
      numbers("abmag", "mag", (s) => -2.5 * Math.log10(flux(s) / 3631)),
      numbers("flux", "Jy", flux),
      numbers("sersic", "", (s) => s.galaxy?.sersic),
      numbers("radius", "arcsec", (s) => s.galaxy?.radius),
      numbers("axis_ratio", "", (s) => s.galaxy?.axisRatio),
      numbers("angle", "deg", (s) => s.galaxy?.angle),
    ],
  };
}

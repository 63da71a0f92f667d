import type { Imager } from "./bands.js";

/** An imaging detector: whose it is, where its geometry is, and how it is read. */
export interface Detector {
  readonly instrument: Imager;
  /** Aperture of the full frame. */
  readonly aperture: string;
  readonly fastaxis: number;
  readonly slowaxis: number;
  /** Filter and pupil that are in the beam when none are asked for, and other optical keywords. */
  readonly optics: Readonly<Record<string, string>>;
}

/** Half of NIRCam's detectors are mounted upside down. */
const nircam = (name: string, turned: boolean): Detector => {
  const long = name.endsWith("LONG");
  return {
    instrument: "NIRCAM",
    aperture: `${long ? `${name.slice(0, 4)}5` : name}_FULL`,
    fastaxis: turned ? 1 : -1,
    slowaxis: turned ? -2 : 2,
    optics: { filter: long ? "F444W" : "F200W", pupil: "CLEAR", channel: long ? "LONG" : "SHORT", module: name[3] },
  };
};

/** Every imaging detector. */
export const DETECTORS: Readonly<Record<string, Detector>> = {
  NRCA1: nircam("NRCA1", false),
  NRCA2: nircam("NRCA2", true),
  NRCA3: nircam("NRCA3", false),
  NRCA4: nircam("NRCA4", true),
  NRCALONG: nircam("NRCALONG", false),
  NRCB1: nircam("NRCB1", true),
  NRCB2: nircam("NRCB2", false),
  NRCB3: nircam("NRCB3", true),
  NRCB4: nircam("NRCB4", false),
  NRCBLONG: nircam("NRCBLONG", true),
  NIS: {
    instrument: "NIRISS",
    aperture: "NIS_CEN",
    fastaxis: -2,
    slowaxis: -1,
    optics: { filter: "CLEAR", pupil: "F200W" },
  },
  MIRIMAGE: { instrument: "MIRI", aperture: "MIRIM_FULL", fastaxis: 1, slowaxis: 2, optics: { filter: "F770W" } },
  GUIDER1: { instrument: "FGS", aperture: "FGS1_FULL", fastaxis: -2, slowaxis: -1, optics: {} },
  GUIDER2: { instrument: "FGS", aperture: "FGS2_FULL", fastaxis: 2, slowaxis: -1, optics: {} },
};

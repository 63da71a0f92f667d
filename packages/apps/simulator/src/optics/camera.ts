import { ValidationError } from "@calwebb/errors";
import { type Mode, modeOf } from "../modes.js";
import { type Aperture, pixelArea } from "./aperture.js";
import { type Band, bandOf, electronsPerMJySr, filterOffset } from "./bands.js";
import { DETECTORS, type Detector } from "./detectors.js";
import { APERTURES } from "./generated/siaf.js";
import { type Psf, psfOf } from "./psf.js";

/** What a camera is to be. */
export interface CameraOptions {
  detector: string;
  filter?: string;
  /** Pupil element; not of MIRI and FGS. */
  pupil?: string;
  /** Side of a square subarray in the corner of the detector; default: the full frame. */
  size?: number;
  readpatt?: string;
  expType?: string;
  /** Other keywords of optics, for example a coronagraph. */
  optics?: Readonly<Record<string, string>>;
  /** Aperture with a geometry of its own, where a mask bends the light; default: that of the detector. */
  aperture?: string;
  /** A subarray anywhere: name, first pixel (from 1) and size. */
  subarray?: { name: string; xstart: number; ystart: number; xsize: number; ysize: number };
  /** Pixel of the full detector, from 1, that looks at the target; default: the middle of the subarray. */
  reference?: { x: number; y: number };
}

/** An imager in one configuration. */
export interface Camera {
  readonly mode: Mode;
  readonly detector: Detector;
  readonly aperture: Aperture;
  readonly apertureName: string;
  readonly band: Band;
  readonly psf: Psf;
  /** Pixel of the full detector, from 0, that the header's coordinates are about. */
  readonly reference: { readonly x: number; readonly y: number };
  /** Area of the pixel in the middle of the detector [arcsec^2, sr]. */
  readonly area: { readonly arcsec2: number; readonly steradian: number };
  /** Electrons per second and pixel from 1 MJy/sr. */
  readonly electrons: number;
  /** Shift of the image by the filter [pixel]. */
  readonly offset: { readonly column: number; readonly row: number };
}

const ARCSEC = Math.PI / 180 / 3600;
const NAMES = { NIRCAM: "nircam", NIRISS: "niriss", MIRI: "miri", FGS: "fgs" } as const;
/** Time that a subarray takes [s], from its size: ten microseconds a pixel, and the overheads of a row. */
const frameTimeOf = (xsize: number, ysize: number): number => (xsize + 12) * (ysize + 2) * 1e-5;

/**
 * Set up an imager.
 * @throws {ValidationError} for an unknown detector, filter or aperture, or an impossible subarray
 */
export function cameraOf(options: CameraOptions): Camera {
  const detector = DETECTORS[options.detector];
  if (!detector)
    throw new ValidationError(`unknown detector "${options.detector}"; known: ${Object.keys(DETECTORS).join(", ")}`, {
      where: "detector",
    });
  const { instrument } = detector;
  const apertureName = options.aperture ?? detector.aperture;
  const aperture = APERTURES[apertureName];
  if (!aperture)
    throw new ValidationError(`unknown aperture "${apertureName}"; known: ${Object.keys(APERTURES).join(", ")}`, {
      where: "aperture",
    });
  const optics = opticsOf(detector, options);
  const band = bandOf(instrument, optics["filter"], optics["pupil"]);
  const { size, readpatt, subarray } = options;
  const base = modeOf(NAMES[instrument], { size: subarray ? undefined : size, readpatt });
  const mode: Mode = {
    ...base,
    detector: options.detector,
    fastaxis: detector.fastaxis,
    slowaxis: detector.slowaxis,
    expType: options.expType ?? base.expType,
    optics,
    ...(subarray
      ? {
          ...subarray,
          subarray: subarray.name,
          noutputs: 1,
          frameTime: frameTimeOf(subarray.xsize, subarray.ysize),
        }
      : {}),
  };
  requireInside(mode);
  const middle = { x: aperture.xSciRef, y: aperture.ySciRef };
  const full = mode.xsize === base.xsize && !subarray && size === undefined;
  const centre = { x: mode.xstart + (mode.xsize - 1) / 2, y: mode.ystart + (mode.ysize - 1) / 2 };
  const reference = options.reference ?? (full ? middle : centre);
  const arcsec2 = pixelArea(aperture, middle.x - 1, middle.y - 1);
  const steradian = arcsec2 * ARCSEC * ARCSEC;
  return {
    mode,
    detector,
    aperture,
    apertureName,
    band,
    psf: psfOf(band.wavelength, Math.sqrt(arcsec2)),
    reference: { x: reference.x - 1, y: reference.y - 1 },
    area: { arcsec2, steradian },
    electrons: electronsPerMJySr(instrument, band, steradian),
    offset: instrument === "FGS" ? { column: 0, row: 0 } : filterOffset(band),
  };
}

/** Optical keywords: those of the detector, with the filter and pupil that were asked for. */
function opticsOf(detector: Detector, { filter, pupil, optics }: CameraOptions): Record<string, string> {
  const out = { ...detector.optics, ...optics };
  if (filter !== undefined) out["filter"] = filter;
  if (pupil !== undefined) out["pupil"] = pupil;
  return out;
}

function requireInside({ detector, instrument, xstart, ystart, xsize, ysize }: Mode): void {
  const [nx, ny] = instrument === "MIRI" ? [1032, 1024] : [2048, 2048];
  const whole = [xstart, ystart, xsize, ysize].every((v) => Number.isInteger(v) && v > 0);
  if (whole && xstart + xsize - 1 <= nx && ystart + ysize - 1 <= ny) return;
  throw new ValidationError(
    `the subarray ${xsize} x ${ysize} at ${xstart}, ${ystart} does not lie on ${detector} (${nx} x ${ny})`,
    { where: "subarray" },
  );
}

import { ValidationError } from "@calwebb/errors";
import { random } from "@calwebb/rng";
import type { Effects } from "../detector/expose.js";
import { simulate } from "../exposure.js";
import { integrationCadence, START_MJD } from "../metadata.js";
import { type Camera, cameraOf } from "../optics/camera.js";
import { VELOCITY_ABERRATION } from "../optics/pointing.js";
import { fluxOf, type Source } from "../sky/catalog.js";
import { electronsOf, skyOf } from "../sky/view.js";
import { addDefocused, defocused, radiusOf, type Spot } from "../sky/weak-lens.js";
import { detectorSeed, skyView } from "./imaging.js";
import { IMAGES, type Observation, type Take, truthTable } from "./observation.js";
import { type Offset, pointAt } from "./pattern.js";

/** A star through a weak lens, in two exposures that differ by whole pixels. */
export interface WavefrontOptions {
  /** A short-wave detector of NIRCam; default: NRCA3. */
  detector?: string;
  /** Default: F212N. */
  filter?: string;
  /** Weak lens, WLP8 (default) or WLM8. */
  lens?: string;
  /** Side of a square subarray; default: the full frame. */
  size?: number;
  readpatt?: string;
  nints: number;
  ngroups: number;
  seed: number;
  /** AB magnitude at 2 um. */
  magnitude?: number;
  /** Move of the star from the first exposure to the second [pixel]. */
  dither?: Offset;
  /** What the move really is beyond what the headers say [pixel]. */
  error?: Offset;
  effects?: Partial<Effects>;
}

const TARGET = { ra: 266.7421, dec: 28.3307, roll: 190 };

/**
 * A pair of exposures for wavefront sensing.
 * @throws {ValidationError} for an unknown lens, a detector of another kind, or a subarray that does not hold the image of the star
 */
export function wavefrontObservation(options: WavefrontOptions): Observation {
  const { detector = "NRCA3", filter = "F212N", lens = "WLP8", magnitude = 9, seed } = options;
  const { dither = { x: 12, y: 0 }, error = { x: 0, y: 0 } } = options;
  const camera = cameraOf({ ...options, detector, filter, pupil: lens });
  const { mode, band, area } = camera;
  if (mode.optics["channel"] !== "SHORT")
    throw new ValidationError(`${detector} has no weak lens: the short-wave detectors of NIRCam have`, {
      where: "detector",
    });
  const spots = defocused(lens, Math.sqrt(area.arcsec2), random(seed).fork(70));
  const least = Math.ceil(2 * (radiusOf(spots) + Math.max(Math.abs(dither.x + error.x), Math.abs(dither.y + error.y))));
  if (Math.min(mode.xsize, mode.ysize) < least)
    throw new ValidationError(`the image of the star and its move take ${least} pixels, more than size ${mode.xsize}`, {
      where: "size",
    });
  const star: Source = { id: 1, ra: TARGET.ra, dec: TARGET.dec, magnitude, temperature: 6000 };
  return {
    type: "wfs-image3",
    product: `jw01234-o001_t001_nircam_${filter}-${lens}_{suffix}`.toLowerCase(),
    suffixes: IMAGES,
    ngroups: options.ngroups,
    truth: truthTable([star], (s) => fluxOf(s, band.wavelength), { filter, wavelength: band.wavelength }),
    *takes() {
      yield take(options, camera, star, spots, { number: 0, offset: { x: 0, y: 0 }, error: { x: 0, y: 0 } });
      yield take(options, camera, star, spots, { number: 1, offset: dither, error });
    },
  };
}

function take(
  { nints, ngroups, seed, effects }: WavefrontOptions,
  camera: Camera,
  star: Source,
  spots: readonly Spot[],
  { number, offset, error }: { number: number; offset: Offset; error: Offset },
): Take {
  const { mode } = camera;
  const attitude = pointAt(camera, TARGET, offset, VELOCITY_ABERRATION);
  const view = skyView(camera, attitude, attitude, [], skyOf(camera), {
    target: { catalog_name: "STAR", type: "FIXED", ra: TARGET.ra, dec: TARGET.dec },
    visit: { type: "PRIME_WFSC_SENSING_CONTROL" },
    dither: { primary_type: "WFSC", position_number: number + 1, total_points: 2 },
  });
  const picture = { data: view.light(0), nx: mode.xsize, ny: mode.ysize };
  const [x, y] = view.place(star.ra, star.dec);
  const flux = electronsOf(camera, fluxOf(star, camera.band.wavelength));
  addDefocused(picture, x + error.x, y + error.y, flux, spots);
  const exposure = simulate(mode, {
    nints,
    ngroups,
    seed: seed + detectorSeed(mode.detector),
    take: number,
    view,
    ids: { observation: 1, activity: 1, exposure: number + 1 },
    start: START_MJD + (number * (integrationCadence(mode, ngroups) * nints + 60)) / 86400,
    ...(effects ? { effects } : {}),
  });
  return { exposure, role: "science" };
}

import { ValidationError } from "@calwebb/errors";
import type { Effects } from "../detector/expose.js";
import { simulate } from "../exposure.js";
import { integrationCadence, START_MJD } from "../metadata.js";
import { type CameraOptions, cameraOf } from "../optics/camera.js";
import { VELOCITY_ABERRATION } from "../optics/pointing.js";
import { tsoPhotReference } from "../reference/imaging.js";
import { fluxOf, type Source } from "../sky/catalog.js";
import { addPoint } from "../sky/render.js";
import { brightness, type Transit } from "../sky/transit.js";
import { electronsOf, skyOf, type View } from "../sky/view.js";
import { detectorSeed, skyView } from "./imaging.js";
import { CUBES, type Observation, truthTable } from "./observation.js";
import { pointAt } from "./pattern.js";

/** A star with a transit, in one long exposure that is cut into segments. */
export interface TimeSeriesOptions {
  /** Default: NIRCam's long-wave channel in SUB64P. */
  camera?: Partial<CameraOptions>;
  segments: number;
  /** Integrations of each segment, groups of each. */
  nints: number;
  ngroups: number;
  seed: number;
  /** AB magnitude at 2 um. */
  magnitude?: number;
  /** Depth of the transit, which takes the middle 40 percent of the exposure. */
  depth?: number;
  effects?: Partial<Effects>;
}

const TARGET = { ra: 330.7951, dec: 18.8844, roll: 250 };
const CAMERA: CameraOptions = {
  detector: "NRCBLONG",
  filter: "F444W",
  expType: "NRC_TSIMAGE",
  subarray: { name: "SUB64P", xstart: 1944, ystart: 1931, xsize: 64, ysize: 64 },
};
const DAY = 86400;

/**
 * An imaging time series.
 * @throws {ValidationError} for no segments or integrations, or an impossible camera
 */
export function timeSeriesObservation(options: TimeSeriesOptions): Observation & { readonly transit: Transit } {
  const { segments, nints, ngroups, seed, magnitude = 11, depth = 0.01, effects } = options;
  if (!(segments >= 1 && nints >= 1))
    throw new ValidationError(`a time series of ${segments} segments of ${nints} integrations`, { where: "segments" });
  const camera = cameraOf({ ...CAMERA, ...options.camera });
  const { mode, band } = camera;
  const cadence = integrationCadence(mode, ngroups) / DAY;
  const total = segments * nints;
  const transit = {
    middle: START_MJD + (total / 2) * cadence,
    duration: 0.4 * total * cadence,
    ingress: 0.06 * total * cadence,
    depth,
  };
  const star: Source = { id: 1, ra: TARGET.ra, dec: TARGET.dec, magnitude, temperature: 5500 };
  const optics = [mode.optics["filter"], mode.optics["pupil"]].filter((v) => v !== undefined);
  return {
    type: "tso3",
    product: `jw01234-o001_t001_${[mode.instrument, ...optics, mode.subarray].join("-").toLowerCase()}`,
    suffixes: CUBES,
    ngroups,
    transit,
    truth: truthTable([star], (s) => fluxOf(s, band.wavelength), {
      filter: band.filter ?? "",
      wavelength: band.wavelength,
      transit_middle_mjd: transit.middle,
      transit_duration_days: transit.duration,
      transit_depth: depth,
    }),
    *takes() {
      const attitude = pointAt(camera, TARGET, { x: 0, y: 0 }, VELOCITY_ABERRATION);
      const base = skyView(camera, attitude, attitude, [], skyOf(camera), {
        target: { catalog_name: "STAR", type: "FIXED", ra: TARGET.ra, dec: TARGET.dec },
        visit: { tsovisit: true },
      });
      const sky = base.light(0);
      const image = { data: new Float32Array(sky.length), nx: mode.xsize, ny: mode.ysize };
      const [x, y] = base.place(star.ra, star.dec);
      addPoint(image, x, y, electronsOf(camera, fluxOf(star, band.wavelength)), camera.psf);
      for (let segment = 0; segment < segments; segment++) {
        const first = segment * nints;
        const light = (integration: number): Float32Array => {
          const time = START_MJD + (first + integration + 0.5) * cadence;
          const factor = brightness(transit, time);
          return sky.map((value, p) => value + factor * image.data[p]);
        };
        const view: View = {
          ...base,
          light,
          extraReferences: () => [tsoPhotReference(camera, { radius: 3, inner: 6, outer: 10 })],
        };
        const exposure = simulate(mode, {
          nints,
          ngroups,
          seed: seed + detectorSeed(mode.detector),
          take: segment,
          view,
          start: START_MJD + first * cadence,
          first: first + 1,
          total,
          ids: {
            observation: 1,
            activity: 1,
            exposure: 1,
            ...(segments > 1 ? { segment: { number: segment + 1, total: segments } } : {}),
          },
          ...(effects ? { effects } : {}),
        });
        yield { exposure, role: "science" };
      }
    },
  };
}

import { ValidationError } from "@calwebb/errors";
import type { Hits } from "../detector/cosmic-rays.js";
import type { Effects } from "../detector/expose.js";
import { simulate } from "../exposure.js";
import { integrationCadence, START_MJD } from "../metadata.js";
import { type Camera, cameraOf } from "../optics/camera.js";
import { type Attitude, nudged, VELOCITY_ABERRATION } from "../optics/pointing.js";
import { drawSources, type FieldOptions, fluxOf, type Source } from "../sky/catalog.js";
import {
  addSky,
  addSources,
  emptyPicture,
  placeIn,
  pointingMetadata,
  referenceAttitude,
  relativeArea,
  skyOf,
  type View,
} from "../sky/view.js";
import { IMAGES, type Observation, type Take, truthTable } from "./observation.js";
import { dithers, MOST_DITHERS, type Offset, pointAt, tiles } from "./pattern.js";

/** Dithered exposures of a field, or a mosaic of it. */
export interface ImagingOptions {
  /** Detectors of one instrument that look at the same time; the first one points at the target. */
  detectors: readonly string[];
  filter?: string;
  pupil?: string;
  /** Side of a square subarray; default: full frames. */
  size?: number;
  readpatt?: string;
  nints: number;
  ngroups: number;
  seed: number;
  /** Positions of the dither pattern, 1 to 9, and half the side of its box [pixel]. */
  dithers: number;
  step?: number;
  /** Tiles of a mosaic, each dithered, and the share of a tile that its neighbour covers too. */
  mosaic?: { columns: number; rows: number; overlap: number };
  /** Target [deg] and position angle of V3 there. */
  target?: { ra: number; dec: number; roll: number };
  velocityAberration?: number;
  effects?: Partial<Effects>;
  /** The sources; default: drawn as {@link field} says. */
  sources?: readonly Source[];
  field?: Partial<FieldOptions>;
  /** Sky that an exposure has beside the usual one [MJy/sr]; exposures count from 0. */
  extraSky?: (exposure: number) => number;
  /** Told of the cosmic rays of every exposure; all count from 0. */
  onCosmicRays?: (exposure: number, integration: number, group: number, hits: Hits) => void;
  /** How far the telescope misses what the header says: offsets [arcsec] and turn [deg]. */
  pointingError?: (exposure: number) => { east?: number; north?: number; turn?: number };
}

const TARGET = { ra: 80.4875, dec: -69.4975, roll: 67.3 };

/**
 * A dithered observation of a field with one or several detectors.
 * @throws {ValidationError} for an unknown detector or filter, or an impossible pattern
 */
export function imagingObservation(options: ImagingOptions): Observation {
  const cameras = options.detectors.map((detector) => cameraOf({ ...options, detector }));
  if (cameras.length === 0) throw new ValidationError("an observation needs a detector", { where: "detectors" });
  const [first] = cameras;
  if (cameras.some((c) => c.mode.instrument !== first.mode.instrument))
    throw new ValidationError(`${options.detectors.join(", ")} are of different instruments`, { where: "detectors" });
  const target = options.target ?? TARGET;
  const offsets = offsetsOf(options, first);
  const { band, mode } = first;
  const sources = options.sources ?? drawSources({ ...fieldAround(target, first, offsets), ...options.field });
  const optics = [mode.optics["filter"], mode.optics["pupil"]]
    .filter((v) => v !== undefined)
    .map((v) => v.toLowerCase());
  return {
    type: "image3",
    product: ["jw01234-o001_t001", mode.instrument.toLowerCase(), optics.sort().join("-")].filter(Boolean).join("_"),
    suffixes: IMAGES,
    ngroups: options.ngroups,
    truth: truthTable(sources, (s) => fluxOf(s, band.wavelength), {
      filter: band.filter ?? "",
      wavelength: band.wavelength,
    }),
    *takes() {
      for (const [number, offset] of offsets.entries())
        for (const camera of cameras)
          yield take(options, camera, first, number, offset, target, sources, offsets.length);
    },
  };
}

/** Offsets of all exposures: every tile has the whole dither pattern. */
function offsetsOf({ dithers: count, step, mosaic }: ImagingOptions, camera: Camera): Offset[] {
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_DITHERS))
    throw new ValidationError(`a dither pattern has 1 to ${MOST_DITHERS} positions, not ${count}`, {
      where: "dithers",
    });
  const pattern = dithers(count, step ?? Math.max(4, Math.round(0.04 * camera.mode.ysize)));
  if (!mosaic) return pattern;
  const { columns, rows, overlap } = mosaic;
  if (!(columns >= 1 && rows >= 1 && overlap >= 0 && overlap < 1))
    throw new ValidationError(`a mosaic of ${columns} x ${rows} tiles with an overlap of ${overlap} is not possible`, {
      where: "mosaic",
    });
  return tiles(camera, columns, rows, overlap).flatMap((t) => pattern.map((d) => ({ x: t.x + d.x, y: t.y + d.y })));
}

/** A field that all exposures of one detector fit in. */
function fieldAround(target: { ra: number; dec: number }, camera: Camera, offsets: readonly Offset[]) {
  const reach = Math.max(...offsets.map((o) => Math.hypot(o.x, o.y)));
  const half = Math.hypot(camera.mode.xsize, camera.mode.ysize) / 2;
  return { ra: target.ra, dec: target.dec, radius: (half + reach) * Math.sqrt(camera.area.arcsec2) + 2 };
}

function take(
  options: ImagingOptions,
  camera: Camera,
  first: Camera,
  number: number,
  offset: Offset,
  target: { ra: number; dec: number; roll: number },
  sources: readonly Source[],
  total: number,
): Take {
  const { nints, ngroups, seed, effects, velocityAberration = VELOCITY_ABERRATION } = options;
  const attitude = referenceAttitude(camera, pointAt(first, target, offset, velocityAberration));
  const actual = nudged(attitude, options.pointingError?.(number) ?? {});
  const scale = Math.sqrt(camera.area.arcsec2);
  const view = skyView(camera, attitude, actual, sources, skyOf(camera) + (options.extraSky?.(number) ?? 0), {
    target: { catalog_name: "SIMULATED", proposer_name: "FIELD", type: "FIXED", ra: target.ra, dec: target.dec },
    dither: {
      position_number: number + 1,
      total_points: total,
      x_offset: offset.x * scale,
      y_offset: offset.y * scale,
    },
  });
  const exposure = simulate(camera.mode, {
    nints,
    ngroups,
    seed: seed + detectorSeed(camera.mode.detector),
    take: number,
    view,
    ids: { observation: 1, activity: 1, exposure: number + 1 },
    start: START_MJD + (number * (integrationCadence(camera.mode, ngroups) * nints + 60)) / 86400,
    ...(effects ? { effects } : {}),
    onCosmicRays: (integration, group, hits) => options.onCosmicRays?.(number, integration, group, hits),
  });
  return { exposure, role: "science" };
}

/** Detectors of one seed differ from each other. */
export const detectorSeed = (detector: string): number =>
  [...detector].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 65521, 0) * 65536;

/**
 * A camera's view of a sky.
 * @param attitude - what the header says, about the camera's reference pixel
 * @param actual - where the telescope really looks
 * @param brightness - of the sky [MJy/sr]
 */
export function skyView(
  camera: Camera,
  attitude: Attitude,
  actual: Attitude,
  sources: readonly Source[],
  brightness: number,
  meta: Readonly<Record<string, unknown>>,
): View {
  const place = placeIn(camera, actual);
  const area = relativeArea(camera);
  const picture = emptyPicture(camera);
  addSky(picture, camera, area, brightness);
  addSources(picture, camera, place, sources);
  return {
    light: () => picture.data,
    area,
    camera,
    place,
    meta: { ...pointingMetadata(camera, attitude), ...meta },
  };
}

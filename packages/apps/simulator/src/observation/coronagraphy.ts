import { NdArray } from "@calwebb/array";
import { random } from "@calwebb/rng";
import type { Effects } from "../detector/expose.js";
import { simulate } from "../exposure.js";
import { integrationCadence, START_MJD } from "../metadata.js";
import type { Camera } from "../optics/camera.js";
import { coronagraphOf } from "../optics/coronagraphs.js";
import { VELOCITY_ABERRATION } from "../optics/pointing.js";
import { psfMaskReference } from "../reference/imaging.js";
import { fluxOf, type Source } from "../sky/catalog.js";
import { addPoint } from "../sky/render.js";
import { addOcculted, drawSpeckles, drifted } from "../sky/speckles.js";
import { electronsOf, skyOf, type View } from "../sky/view.js";
import { detectorSeed, skyView } from "./imaging.js";
import { CUBES, type Observation, type Role, type Take, truthTable } from "./observation.js";
import { dithers, pointAt } from "./pattern.js";

/** A star with a companion in two rolls of the telescope, and a reference star in a small dither pattern. */
export interface CoronagraphyOptions {
  /** One of CORONAGRAPHS. */
  coronagraph: string;
  /** Side of a square cut about the mask; default: the whole subarray. */
  size?: number;
  readpatt?: string;
  nints: number;
  ngroups: number;
  seed: number;
  /** AB magnitudes at 2 um. */
  magnitude?: number;
  referenceMagnitude?: number;
  /** Separation [arcsec], position angle (north over east) [deg], and flux over that of the star. */
  companion?: { separation: number; angle: number; contrast: number };
  /** Turn of the telescope between the two exposures of the target [deg]. */
  rollStep?: number;
  /** Positions of the reference star, 1 to 9, and half the side of their box [pixel]. */
  references?: number;
  referenceStep?: number;
  /** How much the speckles change from exposure to exposure. */
  drift?: number;
  effects?: Partial<Effects>;
}

const TARGET = { ra: 53.2283, dec: -9.4583, roll: 110 };
const REFERENCE = { ra: 54.1, dec: -9.9, roll: 110 };

/** A star of solar temperature. */
const star = (id: number, ra: number, dec: number, magnitude: number): Source => ({
  id,
  ra,
  dec,
  magnitude,
  temperature: 6000,
});

/**
 * A coronagraphic observation: two rolls of the target, then the reference star.
 * @throws {ValidationError} for an unknown coronagraph or a size that does not fit
 */
export function coronagraphyObservation(options: CoronagraphyOptions): Observation {
  const { magnitude = 7, referenceMagnitude = 6.5, rollStep = 10, references = 5, referenceStep = 0.3 } = options;
  const { separation, angle, contrast } = options.companion ?? { separation: 0.9, angle: 60, contrast: 1e-4 };
  const camera = coronagraphOf(options.coronagraph, options);
  const turn = (angle * Math.PI) / 180;
  const target = star(1, TARGET.ra, TARGET.dec, magnitude);
  const companion = star(
    2,
    TARGET.ra + (separation * Math.sin(turn)) / 3600 / Math.cos((TARGET.dec * Math.PI) / 180),
    TARGET.dec + (separation * Math.cos(turn)) / 3600,
    magnitude - 2.5 * Math.log10(contrast),
  );
  const reference = star(3, REFERENCE.ra, REFERENCE.dec, referenceMagnitude);
  const { mode, band } = camera;
  const name = [mode.instrument, mode.optics["filter"], mode.optics["pupil"], mode.subarray].filter(Boolean);
  return {
    type: "coron3",
    product: `jw01234-o001_t001_${name.join("-").toLowerCase()}`,
    suffixes: CUBES,
    ngroups: options.ngroups,
    truth: truthTable([target, companion, reference], (s) => fluxOf(s, band.wavelength), {
      filter: band.filter ?? "",
      wavelength: band.wavelength,
    }),
    *takes() {
      for (const roll of [0, rollStep])
        yield take(options, camera, { ...TARGET, roll: TARGET.roll + roll }, [target, companion], {
          number: roll === 0 ? 0 : 1,
          role: "science",
          offset: { x: 0, y: 0 },
        });
      for (const [k, offset] of dithers(references, 1).entries())
        yield take(options, camera, REFERENCE, [reference], {
          number: 2 + k,
          role: "psf",
          offset: { x: Math.round(offset.x) * referenceStep, y: Math.round(offset.y) * referenceStep },
        });
    },
  };
}

function take(
  options: CoronagraphyOptions,
  camera: Camera,
  at: { ra: number; dec: number; roll: number },
  [occulted, ...others]: readonly Source[],
  { number, role, offset }: { number: number; role: Role; offset: { x: number; y: number } },
): Take {
  const { nints, ngroups, seed, effects, drift = 0.04 } = options;
  const attitude = pointAt(camera, at, { x: 0, y: 0 }, VELOCITY_ABERRATION);
  const { mode, psf } = camera;
  const base = skyView(camera, attitude, attitude, [], skyOf(camera), {
    target: { catalog_name: role === "psf" ? "REFERENCE" : "TARGET", type: "FIXED", ra: at.ra, dec: at.dec },
    visit: { type: "PRIME_TARGETED_FIXED" },
    dither: { position_number: number + 1, total_points: 1 },
    exposure: { psf_reference: role === "psf" },
  });
  const picture = { data: base.light(0), nx: mode.xsize, ny: mode.ysize };
  // The star moves over the detector as the telescope does.
  const [x, y] = base.place(occulted.ra, occulted.dec);
  const [dx, dy] = [offset.x, offset.y];
  const speckles = drifted(drawSpeckles(psf.sigmas[0], random(seed).fork(60)), drift, random(seed).fork(61 + number));
  addOcculted(picture, x + dx, y + dy, electronsOf(camera, fluxOf(occulted, camera.band.wavelength)), speckles, psf);
  for (const source of others) {
    const [px, py] = base.place(source.ra, source.dec);
    addPoint(picture, px + dx, py + dy, electronsOf(camera, fluxOf(source, camera.band.wavelength)), psf);
  }
  const view: View = { ...base, extraReferences: () => [psfMaskReference(camera, maskOf(camera))] };
  const exposure = simulate(mode, {
    nints,
    ngroups,
    seed: seed + detectorSeed(mode.detector),
    take: number,
    view,
    ids: { observation: role === "psf" ? 2 : 1, activity: 1, exposure: number + 1 },
    start: START_MJD + (number * (integrationCadence(mode, ngroups) * nints + 300)) / 86400,
    ...(effects ? { effects } : {}),
  });
  return { exposure, role };
}

/** Where the images of two stars are compared: between the mask and where the speckles end. */
function maskOf({ mode, reference, psf }: Camera): NdArray<Float32Array> {
  const { xstart, ystart, xsize, ysize } = mode;
  const core = psf.sigmas[0];
  const data = new Float32Array(xsize * ysize);
  for (let y = 0; y < ysize; y++)
    for (let x = 0; x < xsize; x++) {
      const r = Math.hypot(x + xstart - 1 - reference.x, y + ystart - 1 - reference.y);
      data[y * xsize + x] = r > 2 * core && r < 30 * core ? 1 : 0;
    }
  return new NdArray(data, [ysize, xsize]);
}

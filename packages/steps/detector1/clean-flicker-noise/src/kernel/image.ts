import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { applyLimits, backgroundLevel, clipLimits, clipMask, medianLevel } from "@calwebb/scene";
import { cleanFullFrame } from "./full-frame.js";
import { subtractStripes } from "./stripes.js";
import { cleanSubarray, type Filter } from "./subarray.js";

/** Full size of a near infrared detector. */
const FULL = 2048;

/** How one image is cleaned. */
export interface CleanSettings {
  method: "median" | "fft";
  background: "median" | "model" | null;
  /** Rows and columns of the boxes of the background model. */
  box: readonly [number, number] | null;
  /** Clipping of signal in the background [sigma]; 0: none. */
  sigma: number;
  /** `median`: whether stripes run along rows. */
  alongRows: boolean;
  byChannel: boolean;
  /** `fft` */
  detector: string;
  filter: Filter;
}

/** Images that are cleaned, with what they are made of; arrays are row-major stacks of planes. */
export interface CleanPlaneArgs {
  /** Input planes; not modified. */
  data: Float32Array;
  /** Planes to subtract from the input first (a scaled median image); null: none. */
  model: Float32Array | Float64Array | null;
  /** Flags of the plane, of which DO_NOT_USE and JUMP_DET are left out; null: none. */
  groupdq: Uint8Array | null;
  /** Background masks, one plane or one per integration; not modified. */
  mask: Uint8Array;
  flat: Float32Array | null;
  /** Receives the cleaned image at `plane`. */
  out: Float32Array;
  /** Receives the background at `plane`; null: not kept. */
  background: Float32Array | null;
  ny: number;
  nx: number;
  /** Plane to clean, and the one to subtract from it (-1: none). */
  plane: number;
  before: number;
  /** Plane of the mask. */
  maskPlane: number;
  settings: CleanSettings;
}

/** `clean`: done; `empty`: no background pixel, the plane is left out; `failed`: the noise cannot be fitted. */
export type CleanStatus = "clean" | "empty" | "failed";

/**
 * Clean one plane: subtract the plane before (groups of a ramp) or the model, divide by the flat, take out the background, fit and
 * subtract the noise, put background and flat back. NaN stay NaN.
 */
export function cleanPlane(a: CleanPlaneArgs): CleanStatus {
  const { ny, nx, settings, flat } = a;
  const f = Math.fround;
  const npix = ny * nx;
  const at = a.plane * npix;
  const image = new Float32Array(npix);
  const mask = a.mask.slice(a.maskPlane * npix, (a.maskPlane + 1) * npix);
  const nan = new Uint8Array(npix);
  const ignored = group.DO_NOT_USE | group.JUMP_DET;
  let usable = 0;
  for (let p = 0; p < npix; p++) {
    let v = a.data[at + p];
    if (a.model !== null) v = f(v - a.model[at + p]);
    else if (a.before >= 0) v = f(v - a.data[a.before * npix + p]);
    if (flat !== null) v = f(v / flat[p]);
    if (a.groupdq !== null && (a.groupdq[at + p] & ignored) !== 0) mask[p] = 0;
    if (Number.isNaN(v)) {
      nan[p] = 1;
      mask[p] = 0;
      v = 0;
    }
    image[p] = v;
    usable += mask[p];
  }
  if (usable === 0) return "empty";

  const level = subtractBackground(image, mask, ny, nx, settings);
  const cleaned = fitNoise(image, mask, ny, nx, settings);
  if (cleaned === undefined) return "failed";
  const { out, background } = a;
  for (let p = 0; p < npix; p++) {
    const b = typeof level === "number" ? level : level[p];
    let v = f(cleaned[p] + b);
    if (flat !== null) v = f(v * flat[p]);
    out[at + p] = nan[p] !== 0 ? Number.NaN : v;
    if (background !== null) background[at + p] = b;
  }
  return "clean";
}

/** Subtract the background and take signal out of the mask, both in place; gives the background. */
function subtractBackground(
  image: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  settings: CleanSettings,
): number | Float32Array {
  if (settings.background === null) return 0;
  const clip = { lower: settings.sigma, upper: settings.sigma, lowerHalf: true };
  if (settings.background === "median") {
    const { level, sorted } = medianLevel(image, mask);
    for (let p = 0; p < image.length; p++) image[p] -= level;
    // Subtracting keeps the order.
    const limits =
      settings.sigma > 0
        ? clipLimits(
            sorted.map((v) => v - level),
            clip,
          )
        : undefined;
    if (limits !== undefined) applyLimits(image, mask, limits);
    return level;
  }
  const background = backgroundLevel(image, mask, ny, nx, "model", settings.box);
  for (let p = 0; p < image.length; p++) image[p] -= typeof background === "number" ? background : background[p];
  if (settings.sigma > 0) clipMask(image, mask, clip);
  return background;
}

function fitNoise(
  image: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  settings: CleanSettings,
): Float32Array | undefined {
  const { detector } = settings;
  if (settings.method === "median") return subtractStripes(image, mask, ny, nx, settings.alongRows, settings.byChannel);
  if (ny === FULL && nx === FULL) return cleanFullFrame(image, mask, ny, nx, detector);
  return cleanSubarray(image, mask, ny, nx, detector, settings.filter);
}

/** {@link cleanPlane} for the executor. */
export const cleanTask: Task<CleanPlaneArgs, CleanStatus> = defineTask(import.meta.url, "cleanPlane", cleanPlane);

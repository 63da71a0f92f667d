import { defineTask, type Task } from "@calwebb/array";
import { median32 } from "@calwebb/stats";

/** Limits of the frame and of the centre of a full detector, [from, to) along both axes. */
const LOW_EDGE: readonly [number, number] = [4, 75];
const HIGH_EDGE: readonly [number, number] = [1985, 2043];
const CENTRE: readonly [number, number] = [76, 1984];

/** Positions of background pixels in the centre and in the frame. */
export interface Regions {
  centre: Uint32Array;
  edge: Uint32Array;
}

const within = (v: number, [from, to]: readonly [number, number]): boolean => v >= from && v < to;

/**
 * Background pixels in the centre and in the frame of a detector; reference pixels at the border belong to neither.
 * @param mask - 1 where a pixel is background, ny * nx
 */
export function findRegions(mask: Uint8Array, ny: number, nx: number): Regions {
  const centre: number[] = [];
  const edge: number[] = [];
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      if (mask[y * nx + x] === 0) continue;
      if (within(y, CENTRE) && within(x, CENTRE)) centre.push(y * nx + x);
      const inside = within(y, [LOW_EDGE[0], HIGH_EDGE[1]]) && within(x, [LOW_EDGE[0], HIGH_EDGE[1]]);
      const frame = within(y, LOW_EDGE) || within(y, HIGH_EDGE) || within(x, LOW_EDGE) || within(x, HIGH_EDGE);
      if (inside && frame) edge.push(y * nx + x);
    }
  return { centre: Uint32Array.from(centre), edge: Uint32Array.from(edge) };
}

/** Median of an image at some positions, in float32; NaN do not count. */
export function medianAt(image: Float32Array, positions: Uint32Array): number {
  const values = new Float32Array(positions.length);
  let n = 0;
  for (const p of positions) {
    const v = image[p];
    if (!Number.isNaN(v)) values[n++] = v;
  }
  return median32(values, n);
}

/** One plane to correct. */
export interface FramePlaneArgs {
  /** Stack of planes; `plane` is corrected in place. */
  data: Float32Array;
  plane: number;
  /** First group of the integration, which is taken out while measuring; -1: none. */
  zero: number;
  npix: number;
  /** The picture frame. */
  frame: Float32Array;
  /** Its medians. */
  frameCentre: number;
  frameEdge: number;
  regions: Regions;
}

/**
 * Scale the picture frame to a plane, so that it has the plane's medians in centre and frame, and subtract it, in place. All steps round to
 * float32.
 */
export function correctPlane(a: FramePlaneArgs): void {
  const { data, npix, frame, regions } = a;
  const f = Math.fround;
  const at = a.plane * npix;
  const image = new Float32Array(npix);
  for (let p = 0; p < npix; p++) image[p] = a.zero < 0 ? data[at + p] : data[at + p] - data[a.zero * npix + p];
  const edge = medianAt(image, regions.edge);
  const scale = f(f(medianAt(image, regions.centre) - edge) / f(a.frameCentre - a.frameEdge));
  for (let p = 0; p < npix; p++) {
    const correction = f(f(scale * f(frame[p] - a.frameEdge)) + edge);
    const zero = a.zero < 0 ? 0 : data[a.zero * npix + p];
    data[at + p] = image[p] + f(zero - correction);
  }
}

/** {@link correctPlane} for the executor. */
export const correctTask: Task<FramePlaneArgs, void> = defineTask(import.meta.url, "correctPlane", correctPlane);

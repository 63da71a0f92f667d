import type { Found } from "@calwebb/photometry";
import type { Positions } from "./kernel.js";

/** Found sources column by column; what a finder does not give is NaN. */
export interface Sources extends Positions {
  segmented: boolean;
  hasOrientation: boolean;
  label: Int32Array;
  flux: Float64Array;
  fluxError: Float64Array;
  area: Float64Array;
  semimajor: Float64Array;
  semiminor: Float64Array;
  ellipticity: Float64Array;
  orientation: Float64Array;
  /** Corners of boxes: x0, x1, y0, y1 [pixels]. */
  boxes: { x0: number; x1: number; y0: number; y1: number }[];
}

/** Columns of what a finder found. */
export function sourcesOf({ stars, sources, segments }: Found): Sources {
  const n = segments ? sources.length : stars.length;
  const column = (of: (i: number) => number | undefined): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => of(i) ?? Number.NaN);
  const shape = (of: (s: (typeof sources)[number]) => number): Float64Array =>
    column((i) => (segments ? of(sources[i]) : undefined));
  return {
    segmented: segments !== undefined,
    hasOrientation: segments !== undefined || stars.some((s) => s.orientation !== undefined),
    label: Int32Array.from({ length: n }, (_, i) => i + 1),
    x: column((i) => (segments ? sources[i].x : stars[i].x)),
    y: column((i) => (segments ? sources[i].y : stars[i].y)),
    flux: column((i) => (segments ? sources[i].flux : stars[i].flux)),
    fluxError: shape((s) => s.fluxError),
    area: shape((s) => s.area),
    semimajor: shape((s) => s.semimajor),
    semiminor: shape((s) => s.semiminor),
    ellipticity: shape((s) => 1 - s.semiminor / s.semimajor),
    orientation: column((i) => (segments ? sources[i].orientation : stars[i].orientation)),
    boxes: segments ? sources.map((s) => s.box) : [],
  };
}

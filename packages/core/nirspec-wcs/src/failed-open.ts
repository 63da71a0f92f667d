import type { Model } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { ValidationError } from "@calwebb/errors";
import type { CompoundBoundingBox, Wcs } from "@calwebb/wcs";
import { bench, skyOf } from "./assign.js";
import { asBox, type Box } from "./boxes.js";
import { exposureOf, spectralRange } from "./exposure.js";
import { SHUTTERS_PER_ROW } from "./metafile.js";
import { slitsWcs } from "./pipeline.js";
import type { References } from "./references.js";
import { slitWcs } from "./slit-wcs.js";
import { makeSlit, type Slit } from "./slits.js";

/** Tests of a shutter, any of which may find it open for ever. */
const STATES = ["Internal state", "TA state", "state"] as const;

/**
 * Shutters that do not close, as slits numbered from 1.
 * @param text - an MSAOPER reference (JSON)
 * @throws {ValidationError} for a text of another form
 */
export function failedOpenShutters(text: string): Slit[] {
  const rows = shutterRows(text);
  const open = rows.filter((row) => STATES.some((state) => row[state] === "open"));
  return open.map((row, i) => {
    const [quadrant, xcen, ycen] = [Number(row.Q), Number(row.x), Number(row.y)];
    if (!(quadrant >= 1 && quadrant <= 4 && xcen >= 1 && ycen >= 1))
      throw new ValidationError("the msaoper reference has a shutter that is nowhere", {
        where: "msaoper",
        got: JSON.stringify(row),
      });
    const shutter = xcen + (ycen - 1) * SHUTTERS_PER_ROW;
    return makeSlit({ name: i + 1, shutter, xcen, ycen, ymin: -0.5, ymax: 0.5, quadrant, state: "x", id: i + 1 });
  });
}

function shutterRows(text: string): Record<string, unknown>[] {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch (cause) {
    throw new ValidationError("the msaoper reference is not JSON", { where: "msaoper", cause });
  }
  const rows = (tree as { msaoper?: unknown } | null)?.msaoper;
  if (Array.isArray(rows)) return rows as Record<string, unknown>[];
  throw new ValidationError("the msaoper reference has no list msaoper", { where: "msaoper" });
}

/**
 * Set the flag MSA_FAILED_OPEN where light of failed-open shutters falls.
 * @param model - the exposure that the light falls on; its range of wavelengths is written to its header, as that of its own spectra
 * @param dq - planes of ny * nx, changed in place
 */
export async function flagFailedOpen(
  model: Model,
  dq: Flags,
  shutters: readonly Slit[],
  references: References,
): Promise<void> {
  if (shutters.length === 0) return;
  const exposure = exposureOf(model);
  const spectral = spectralRange(exposure, references, () => undefined);
  const { wcsinfo } = model.meta;
  wcsinfo.waverange_start = spectral.range[0];
  wcsinfo.waverange_end = spectral.range[1];
  wcsinfo.spectral_order = spectral.order;
  const shared = await bench(model, exposure, references, spectral);
  const wcs = await slitsWcs(shared, shutters, skyOf(model, exposure));
  const boxes = wcs.boundingBox as CompoundBoundingBox;
  for (const { id } of shutters) {
    const box = boxes.box(id);
    if (box) flagShutter(slitWcs(wcs, id), asBox(box), dq);
  }
}

/** Flags of a plane or a stack of planes of ny * nx. */
export interface Flags {
  data: Uint32Array;
  nplanes: number;
  ny: number;
  nx: number;
}

/** Flag the pixels that see a shutter: those in its box that have a place on the sky. */
function flagShutter(wcs: Wcs, [[x1, x2], [y1, y2]]: Box, { data, nplanes, ny, nx }: Flags): void {
  const first = (a: number, b: number): number => Math.max(0, Math.trunc(Math.min(a, b)));
  const end = (a: number, b: number, size: number): number => Math.min(size, Math.trunc(Math.max(a, b)) + 1);
  const [x0, y0] = [first(x1, x2), first(y1, y2)];
  const [width, height] = [end(x1, x2, nx) - x0, end(y1, y2, ny) - y0];
  if (width <= 0 || height <= 0) return;
  const at = (f: (i: number) => number): Float64Array => Float64Array.from({ length: width * height }, (_, i) => f(i));
  const [where] = wcs.evaluate([at((i) => x0 + (i % width)), at((i) => y0 + Math.floor(i / width))]);
  for (let i = 0; i < where.length; i++) {
    if (Number.isNaN(where[i])) continue;
    const p = (y0 + Math.floor(i / width)) * nx + x0 + (i % width);
    for (let plane = 0; plane < nplanes; plane++) data[plane * ny * nx + p] |= pixel.MSA_FAILED_OPEN;
  }
}

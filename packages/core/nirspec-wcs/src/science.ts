import { CompoundBoundingBox, RegionsSelector, type Wcs } from "@calwebb/wcs";
import { asBox, pixelGrid } from "./boxes.js";
import { slitTransformsOf, slitWcs } from "./slit-wcs.js";
import { FIXED_QUADRANT } from "./slits.js";

const toIndex = (v: number): number => Math.floor(v + 0.5);

/**
 * Pixels inside the boxes of the slits of an exposure, 1 where one is.
 * @param wcs - a WCS with slits and a box for each
 */
export function slitMask(wcs: Wcs, ny: number, nx: number): Uint8Array {
  const mask = new Uint8Array(ny * nx);
  const boxes = wcs.boundingBox;
  if (!(boxes instanceof CompoundBoundingBox)) return mask;
  for (const id of slitTransformsOf(wcs)?.ids ?? []) {
    const box = boxes.box(id);
    if (!box) continue;
    const [[x0, x1], [y0, y1]] = asBox(box);
    for (let y = toIndex(y0); y < Math.min(ny, toIndex(y1)); y++)
      mask.fill(1, y * nx + toIndex(x0), y * nx + Math.min(nx, Math.max(toIndex(x0), toIndex(x1))));
  }
  return mask;
}

/**
 * Pixels that belong to a slice of the IFU, 1 where one is.
 * @param wcs - a WCS of the IFU, with or without the numbers of slices
 */
export function sliceMask(wcs: Wcs, ny: number, nx: number): Uint8Array {
  const mask = new Uint8Array(ny * nx);
  for (const id of sliceIds(wcs)) {
    const own = slitWcs(wcs, id);
    if (!own.boundingBox) continue;
    const { x, y } = pixelGrid(asBox(own.boundingBox));
    const lam = own.evaluate([x, y])[2];
    for (let i = 0; i < lam.length; i++)
      if (!Number.isNaN(lam[i]) && x[i] < nx && y[i] < ny) mask[y[i] * nx + x[i]] = 1;
  }
  return mask;
}

function sliceIds(wcs: Wcs): readonly number[] {
  for (const { transform } of wcs.steps)
    if (transform instanceof RegionsSelector) return transform.labels.map((label) => label - 1);
  return slitTransformsOf(wcs)?.ids ?? [];
}

/** Whether an exposure through the MSA also sees a fixed slit; undefined when its WCS has no slits. */
export function seesFixedSlit(wcs: Wcs): boolean | undefined {
  const rows = slitTransformsOf(wcs)?.rows;
  return rows?.some((row) => Array.isArray(row) && Number(row[7]) === FIXED_QUADRANT);
}

import { ndarray } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";

/** Columns [x0, x1) and rows [y0, y1) of the detector. */
export interface Box {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** Where an exposure lies on the detector; a full frame may lack the keywords. @throws {ValidationError} when it is neither */
export function boxOf(model: Model): Box {
  const [ny, nx] = (model.shape ?? []).slice(-2);
  const { xstart, ystart, xsize, ysize } = model.meta.subarray;
  if (xstart !== undefined && ystart !== undefined && xsize !== undefined && ysize !== undefined)
    return { x0: xstart - 1, x1: xstart - 1 + nx, y0: ystart - 1, y1: ystart - 1 + ny };
  const [fullX, fullY] = model.meta.instrument.name?.toUpperCase() === "MIRI" ? [1032, 1024] : [2048, 2048];
  if (nx === fullX && ny === fullY) return { x0: 0, x1: nx, y0: 0, y1: ny };
  throw new ValidationError(
    `${model.meta.filename ?? "the exposure"} does not say which part of the detector it is (SUBSTRT1, SUBSTRT2, SUBSIZE1, SUBSIZE2)`,
    { file: model.meta.filename, where: "SUBSTRT1" },
  );
}

const same = (a: Box, b: Box): boolean => a.x0 === b.x0 && a.x1 === b.x1 && a.y0 === b.y0 && a.y1 === b.y1;

/** Brings planes of a background to the pixels of an exposure; `fill` where the background does not reach. */
export interface Placer {
  overlaps: boolean;
  place<T extends Float32Array | Uint32Array>(values: T, planes: number, fill: number): T;
}

/** How to move what covers `from` to what covers `to`. Arrays that fit as they are are handed back. */
export function placer(to: Box, from: Box): Placer {
  const overlaps = to.x0 < from.x1 && from.x0 < to.x1 && to.y0 < from.y1 && from.y0 < to.y1;
  return {
    overlaps,
    place: (values, planes, fill) => {
      if (same(to, from)) return values;
      const [nx, ny] = [to.x1 - to.x0, to.y1 - to.y0];
      const [mx, my] = [from.x1 - from.x0, from.y1 - from.y0];
      const dtype = values instanceof Float32Array ? "float32" : "uint32";
      const out = ndarray(dtype, [planes * nx * ny]).data.fill(fill) as typeof values;
      const [left, right] = [Math.max(to.x0, from.x0), Math.min(to.x1, from.x1)];
      for (let k = 0; k < planes; k++)
        for (let y = Math.max(to.y0, from.y0); y < Math.min(to.y1, from.y1); y++) {
          const at = k * mx * my + (y - from.y0) * mx + left - from.x0;
          out.set(values.subarray(at, at + right - left), k * nx * ny + (y - to.y0) * nx + left - to.x0);
        }
      return out;
    },
  };
}

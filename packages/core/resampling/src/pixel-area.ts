import { polygonArea } from "@calwebb/sphere";
import type { Wcs } from "@calwebb/wcs";

/** Points along the outline are at most so many pixels apart. */
const SPACING = 15;

/** Outline of a rectangle of pixels, counter-clockwise. */
function outline(x0: number, x1: number, y0: number, y1: number): [Float64Array, Float64Array] {
  const spacing = (n: number): number => {
    const d = Math.min(n >> 2, SPACING);
    return d > 0 ? d : n + 1;
  };
  const sx = Math.max(1, Math.ceil((x1 - x0 + 1) / spacing(x1 - x0)));
  const sy = Math.max(1, Math.ceil((y1 - y0 + 1) / spacing(y1 - y0)));
  const xs: number[] = [];
  const ys: number[] = [];
  const side = (n: number, ax: number, ay: number, bx: number, by: number): void => {
    for (let k = 0; k < n; k++) {
      xs.push(ax + ((bx - ax) * k) / n);
      ys.push(ay + ((by - ay) * k) / n);
    }
  };
  side(sx, x0, y0, x1, y0);
  side(sy, x1, y0, x1, y1);
  side(sx, x1, y1, x0, y1);
  side(sy, x0, y1, x0, y0);
  return [Float64Array.from(xs), Float64Array.from(ys)];
}

/**
 * Mean area of the pixels of an image on the sky: the area of the polygon that the outline makes there over the number of pixels.
 * Sides without positions move inwards.
 * @returns steradians; undefined when no rectangle of the image has positions all round
 */
export function meanPixelArea(wcs: Wcs, nx: number, ny: number): number | undefined {
  const box = wcs.boundingBox;
  const [bx, by] = box ? [box.at(0), box.at(1)] : [[-0.5, nx - 0.5] as const, [-0.5, ny - 0.5] as const];
  let x0 = Math.max(0, Math.trunc(Math.min(...bx) + 0.5));
  let x1 = Math.min(nx - 1, Math.trunc(Math.max(...bx) - 0.5));
  let y0 = Math.max(0, Math.trunc(Math.min(...by) + 0.5));
  let y1 = Math.min(ny - 1, Math.trunc(Math.max(...by) - 0.5));
  while (x0 < x1 && y0 < y1) {
    const [x, y] = outline(x0, x1, y0, y1);
    const [lon, lat] = wcs.evaluate([x, y]);
    const bad = x.findIndex((_, k) => !Number.isFinite(lon[k] + lat[k]));
    if (bad < 0) {
      const area = polygonArea(Array.from(lon, (v, k): [number, number] => [v, lat[k]]));
      const whole = area > 2 * Math.PI ? 4 * Math.PI - area : area;
      return whole / ((x1 - x0) * (y1 - y0));
    }
    if (y[bad] === y0) y0++;
    else if (x[bad] === x1) x1--;
    else if (y[bad] === y1) y1--;
    else x0++;
  }
  return undefined;
}

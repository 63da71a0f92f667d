import { ValidationError } from "@calwebb/errors";
import { overlay, type Point, type Ring, unionPolygons } from "@calwebb/sphere";
import { parseSRegion } from "../region.js";
import type { Wcs } from "../wcs.js";
import type { Footprint } from "./alignment.js";

/** Corners closer than this [pixel] in both axes are one. */
const CLOSE = 5e-2;
/** A corner that turns by less than this [rad] is none. */
const STRAIGHT = 1e-6;

/** Drop corners that repeat the one before, or do not turn. */
function simplified(ring: Ring): Ring {
  return ring.filter(([x, y], i) => {
    const [px, py] = ring[(i + ring.length - 1) % ring.length];
    const [qx, qy] = ring[(i + 1) % ring.length];
    const [ax, ay, bx, by] = [x - px, y - py, qx - x, qy - y];
    if (Math.abs(ax) < CLOSE && Math.abs(ay) < CLOSE) return false;
    const [m, k] = [ay / (ax + 1e-12), by / (bx + 1e-12)];
    return !(Math.abs(Math.atan((k - m) / (1 + m * k))) < STRAIGHT);
  });
}

/**
 * S_REGION of an image made of others: the union of their regions, found in the plane of its pixels, one polygon for each part.
 * Holes are left out.
 * @param regions - S_REGION texts or corners
 * @param wcs - WCS of the combined image
 * @param within - corners of the combined image; the union is cut to them
 * @throws {ValidationError} when nothing is left of it
 */
export function combineSRegions(regions: readonly (string | Footprint)[], wcs: Wcs, within?: Footprint): string {
  const toPixels = (corners: Footprint): Ring => {
    const axis = (i: number): Float64Array => Float64Array.from(corners, (c) => c[i]);
    const [x, y] = wcs.invert([axis(0), axis(1)], { withBoundingBox: false });
    return Array.from(x, (v, i): Point => [v, y[i]]);
  };
  const rings = regions.map((r) => toPixels(typeof r === "string" ? parseSRegion(r) : r));
  let parts = unionPolygons(rings).map(simplified);
  if (within) {
    const frame = toPixels(within);
    parts = parts.flatMap((part) => overlay([part], [frame], "intersection")).map(simplified);
  }
  if (parts.length === 0)
    throw new ValidationError("the images have no region of the sky in common with the combined image");
  const texts = parts.map((part) => {
    const [lon, lat] = wcs.evaluate([Float64Array.from(part, (p) => p[0]), Float64Array.from(part, (p) => p[1])], {
      withBoundingBox: false,
    });
    return `POLYGON ICRS  ${Array.from(lon, (v, i) => `${v.toFixed(9)} ${lat[i].toFixed(9)}`).join(" ")}`;
  });
  return texts.join("  ");
}

import { defineTask, type Task } from "@calwebb/array";
import { drizzleWeight, type MapExtent, type PixelMap, RowExtents, type WeightArgs } from "@calwebb/drizzle";
import { type MapPlan, mapRow } from "./pixel-map.js";

/** Rows of an exposure to get ready for drizzling. */
export interface MapBand {
  plan: MapPlan;
  /** Receives the positions. */
  map: PixelMap;
  /** Receives the weights, of the same rows. */
  weight: Omit<WeightArgs, "start" | "end">;
  /** Rows [start, end). */
  start: number;
  end: number;
}

/**
 * Fill rows of a pixel map, and of the weights.
 * @returns the extent of these rows, and how far they are from each other and from the row before them
 */
export function mapBand({ plan, map, weight, start, end }: MapBand): MapExtent {
  const { nx, x, y } = map;
  const extents = new RowExtents(nx, end - start);
  if (start > 0) {
    const before = [new Float64Array(nx), new Float64Array(nx)];
    mapRow(plan, start - 1, before[0], before[1]);
    extents.follow(before[0], before[1]);
  }
  for (let j = start; j < end; j++) {
    // The positions of a whole plan are those of the map itself.
    if (plan.whole?.x !== x) mapRow(plan, j, x, y, j * nx);
    extents.add(x.subarray(j * nx, (j + 1) * nx), y.subarray(j * nx, (j + 1) * nx));
  }
  drizzleWeight({ ...weight, start: start * nx, end: end * nx });
  return extents.result();
}

/** {@link mapBand} for the executor. */
export const mapBandTask: Task<MapBand, MapExtent> = defineTask(import.meta.url, "mapBand", mapBand);

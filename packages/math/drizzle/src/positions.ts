import { recycle } from "@calwebb/array";
import { surfaceRow, surfaceValue } from "./surface.js";
import type { PixelMap, Positions, SurfaceMap } from "./types.js";

/** Whether positions come from surfaces. */
export const isSurface = (map: Positions): map is SurfaceMap => "surfaces" in map;

/** Row j of the image in steps of the grid of the surfaces; NaN outside of them. */
export function gridRow({ y0, height, surfaces }: SurfaceMap, j: number): number {
  return j >= y0 && j < y0 + height ? ((j - y0) * (surfaces.x.my - 1)) / (height - 1) : Number.NaN;
}

/** Put the positions of row j into x and y; NaN for pixels without one. */
export function positionRow(map: Positions, j: number, x: Float64Array, y: Float64Array): void {
  const { nx } = map;
  if (!isSurface(map)) {
    x.set(map.x.subarray(j * nx, (j + 1) * nx));
    y.set(map.y.subarray(j * nx, (j + 1) * nx));
    return;
  }
  const row = gridRow(map, j);
  const within = row >= 0;
  if (!within || map.surfaces.x.nx < nx) {
    x.fill(Number.NaN);
    y.fill(Number.NaN);
  }
  if (!within) return;
  surfaceRow(map.surfaces.x, row, x, map.x0);
  surfaceRow(map.surfaces.y, row, y, map.x0);
}

/** Position of one pixel. */
export function positionOf(map: Positions, i: number, j: number): readonly [x: number, y: number] {
  if (!isSurface(map)) return [map.x[j * map.nx + i], map.y[j * map.nx + i]];
  const row = gridRow(map, j);
  const { x, y } = map.surfaces;
  const k = i - map.x0;
  if (!(row >= 0) || k < 0 || k >= x.nx) return [Number.NaN, Number.NaN];
  return [surfaceValue(x, row, k), surfaceValue(y, row, k)];
}

/** Let go of the memory of positions; they must not be used any more. */
export function releasePositions(map: Positions): void {
  if (isSurface(map)) for (const { rows, bends } of Object.values(map.surfaces)) recycle(rows, bends);
  else recycle(map.x, map.y);
}

/** Positions of a row of pixels. */
export interface PositionRow {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Gives the rows of positions, and keeps the last few. */
export class PositionRows {
  private readonly map: Positions;
  private readonly kept: (PositionRow & { j: number })[] = [];
  private readonly room: (k: number) => PositionRow;
  private readonly fill: (j: number, row: PositionRow) => void;

  /**
   * @param room - gives the memory of the k-th of {@link KEPT} rows
   * @param fill - puts positions into it; default {@link positionRow}
   */
  constructor(
    map: Positions,
    room: (k: number) => PositionRow = () => ({ x: new Float64Array(map.nx), y: new Float64Array(map.nx) }),
    fill: (j: number, row: PositionRow) => void = (j, { x, y }) => positionRow(map, j, x, y),
  ) {
    this.map = map;
    this.room = room;
    this.fill = fill;
  }

  /** Row j; it stays as it is while rows less than {@link KEPT} away are asked for. */
  row(j: number): PositionRow {
    const k = j % KEPT;
    this.kept[k] ??= { j: -1, ...this.room(k) };
    const row = this.kept[k];
    if (row.j !== j) {
      row.j = j;
      this.fill(j, row);
    }
    return row;
  }

  get nx(): number {
    return this.map.nx;
  }

  get ny(): number {
    return this.map.ny;
  }
}

/** Rows that are kept. */
export const KEPT = 4;

/** All positions, in memory. */
export function wholeMap(map: Positions, allocate: (n: number) => Float64Array): PixelMap {
  const { nx, ny } = map;
  if (!isSurface(map)) return map;
  const out = { x: allocate(nx * ny), y: allocate(nx * ny), nx, ny };
  for (let j = 0; j < ny; j++)
    positionRow(map, j, out.x.subarray(j * nx, (j + 1) * nx), out.y.subarray(j * nx, (j + 1) * nx));
  return out;
}

/** Part of an image: columns [x0, x1), rows [y0, y1). */
export interface Box {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** Box of `size` pixels a side around the pixel nearest to (x, y), cut at the edges of the image. */
export function boxAround(x: number, y: number, size: number, ny: number, nx: number): Box {
  const left = Math.ceil(x - size / 2);
  const bottom = Math.ceil(y - size / 2);
  return {
    x0: Math.max(0, left),
    x1: Math.min(nx, left + size),
    y0: Math.max(0, bottom),
    y1: Math.min(ny, bottom + size),
  };
}

/**
 * Centre of mass of an image less a level, in a box.
 * @param bad - 1 for pixels to leave out, same shape as the image
 * @returns undefined when the box has no usable pixel or its sum vanishes
 */
export function centreOfMass(
  data: Float32Array,
  bad: Uint8Array,
  nx: number,
  box: Box,
  level: number,
): { x: number; y: number } | undefined {
  let total = 0;
  let sumX = 0;
  let sumY = 0;
  for (let y = box.y0; y < box.y1; y++)
    for (let x = box.x0; x < box.x1; x++) {
      const p = y * nx + x;
      if (bad[p] !== 0) continue;
      const v = data[p] - level;
      total += v;
      sumX += v * x;
      sumY += v * y;
    }
  return Math.abs(total) < 1e-30 ? undefined : { x: sumX / total, y: sumY / total };
}

/**
 * Columns and rows of an image inside a bounding box, both ends included.
 * @param box - [[x low, x high], [y low, y high]] in pixels counted from 0; undefined: the whole image
 */
export function imageRange(
  nx: number,
  ny: number,
  box?: readonly (readonly [number, number])[],
): [xmin: number, xmax: number, ymin: number, ymax: number] {
  if (box === undefined) return [0, Math.max(nx - 1, 0), 0, Math.max(ny - 1, 0)];
  const [[x1, x2], [y1, y2]] = box;
  const xmin = Math.max(0, Math.trunc(x1 + 0.5));
  const ymin = Math.max(0, Math.trunc(y1 + 0.5));
  return [
    xmin,
    Math.max(xmin, Math.min(nx - 1, Math.trunc(x2 + 0.5))),
    ymin,
    Math.max(ymin, Math.min(ny - 1, Math.trunc(y2 + 0.5))),
  ];
}

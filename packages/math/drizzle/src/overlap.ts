/**
 * Signed area between a segment and the lower side of the unit square at the origin, inside the square (positive from left to right).
 * Summed over the edges of a polygon it gives the area that polygon and square share (Fruchter & Hook 2002, PASP 114, 144).
 */
export function areaBelow(x1: number, y1: number, x2: number, y2: number): number {
  const dx = x2 - x1;
  if (dx === 0) return 0;
  const right = dx > 0;
  let xa = right ? x1 : x2;
  let xb = right ? x2 : x1;
  if (xa >= 1 || xb <= 0) return 0;
  if (xa < 0) xa = 0;
  if (xb > 1) xb = 1;
  const slope = (y2 - y1) / dx;
  let ya = y1 + slope * (xa - x1);
  let yb = y1 + slope * (xb - x1);
  if (ya <= 0 && yb <= 0) return 0;
  let area: number;
  if (ya >= 1 && yb >= 1) area = xb - xa;
  else {
    // What lies below the square does not count: start or end where the segment crosses its lower side.
    if (ya < 0) {
      xa -= ya / slope;
      ya = 0;
    } else if (yb < 0) {
      xb -= yb / slope;
      yb = 0;
    }
    if (ya <= 1 && yb <= 1) area = 0.5 * (xb - xa) * (ya + yb);
    else if (ya <= 1) {
      const top = xa + (1 - ya) / slope;
      area = 0.5 * (top - xa) * (1 + ya) + xb - top;
    } else {
      const top = xa + (1 - ya) / slope;
      area = 0.5 * (xb - top) * (1 + yb) + top - xa;
    }
  }
  return right ? area : -area;
}

/**
 * Area that a quadrilateral shares with the pixel centred on (column, row); negative when the corners run the other way round.
 * @param c - x of the four corners, then y of the four
 */
export function sharedArea(c: Float64Array, column: number, row: number): number {
  const ox = column - 0.5;
  const oy = row - 0.5;
  let sum = 0;
  let x1 = c[3] - ox;
  let y1 = c[7] - oy;
  for (let k = 0; k < 4; k++) {
    const x2 = c[k] - ox;
    const y2 = c[k + 4] - oy;
    sum += areaBelow(x1, y1, x2, y2);
    x1 = x2;
    y1 = y2;
  }
  return sum;
}

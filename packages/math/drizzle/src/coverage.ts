/** Shares smaller than this are rounding, not overlap. */
const NOTHING = 1e-12;

/**
 * How much of each pixel of a small grid a quadrilateral covers. Every edge leaves in the cells that it crosses what it changes of the
 * coverage; running sums along the rows give the areas. Each edge touches only its own cells, which makes this faster than clipping the
 * quadrilateral to every pixel.
 */
export class Coverage {
  private cells: Float64Array = new Float64Array(64);

  /**
   * Signed areas that a quadrilateral shares with the pixels of the grid, row by row; zero where it does not reach.
   * @param c - x of the four corners, then y of the four
   * @param i0 - first column of the grid, which holds the quadrilateral
   * @param j0 - first row
   * @returns [rows][columns + 1], valid until the next call; the last column is empty
   */
  of(c: Float64Array, i0: number, j0: number, columns: number, rows: number): Float64Array {
    const width = columns + 1;
    const size = width * rows;
    if (size > this.cells.length) this.cells = new Float64Array(2 * size);
    const { cells } = this;
    cells.fill(0, 0, size);
    const ox = i0 - 0.5;
    const oy = j0 - 0.5;
    let x1 = c[3] - ox;
    let y1 = c[7] - oy;
    for (let k = 0; k < 4; k++) {
      const x2 = c[k] - ox;
      const y2 = c[k + 4] - oy;
      if (y1 < y2) edge(cells, width, rows, x1, y1, x2, y2, 1);
      else if (y2 < y1) edge(cells, width, rows, x2, y2, x1, y1, -1);
      x1 = x2;
      y1 = y2;
    }
    for (let j = 0, p = 0; j < rows; j++) {
      let sum = 0;
      for (let i = 0; i < width; i++, p++) {
        sum += cells[p];
        cells[p] = sum > NOTHING || sum < -NOTHING ? sum : 0;
      }
    }
    return cells;
  }
}

/** Add an edge that goes up from (x1, y1) to (x2, y2), row by row. */
function edge(
  cells: Float64Array,
  width: number,
  rows: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  sign: number,
): void {
  const slope = (x2 - x1) / (y2 - y1);
  const last = Math.min(rows - 1, Math.floor(y2));
  let y = y1;
  let x = x1;
  for (let j = Math.max(0, Math.floor(y1)); j <= last; j++) {
    const top = j + 1;
    const whole = top < y2;
    const ny = whole ? top : y2;
    const nx = whole ? x1 + (top - y1) * slope : x2;
    if (ny > y) {
      if (x <= nx) run(cells, j * width, x, nx, sign * (ny - y));
      else run(cells, j * width, nx, x, sign * (ny - y));
    }
    y = ny;
    x = nx;
  }
}

/** Spread the height of a piece of an edge within one row over the cells from x = a to x = b. */
function run(cells: Float64Array, line: number, a: number, b: number, height: number): void {
  const first = Math.floor(a);
  const last = Math.floor(b);
  if (first === last) {
    const right = height * (0.5 * (a + b) - first);
    cells[line + first] += height - right;
    cells[line + first + 1] += right;
    return;
  }
  const per = height / (b - a);
  for (let i = first; i <= last; i++) {
    const from = i === first ? a : i;
    const to = i === last ? b : i + 1;
    const piece = per * (to - from);
    const right = piece * (0.5 * (from + to) - i);
    cells[line + i] += piece - right;
    cells[line + i + 1] += right;
  }
}

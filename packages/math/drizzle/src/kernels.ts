import { quadArea } from "./corners.js";
import type { Coverage } from "./coverage.js";
import type { Hits } from "./hits.js";
import type { KernelName } from "./types.js";

/** Rows [start, end) of an output that is `onx` pixels wide. */
export interface Rows {
  onx: number;
  start: number;
  end: number;
}

/** Half away from zero, as C rounds. */
const round = (v: number): number => (v < 0 ? -Math.floor(0.5 - v) : Math.floor(v + 0.5));

/** Standard deviations that the gaussian reaches, and its full width at half maximum over its standard deviation. */
const GAUSSIAN_REACH = 2.5;
const FWHM = 2.3548;
/** Step of the table of the Lanczos function. */
const STEP = 0.003;

/** Drops below this size have all their weight in one pixel. */
const POINT = 0.001;

/** What a kernel needs to know, settled once per exposure. */
export interface KernelSetup {
  name: KernelName;
  /** Output pixels that the kernel reaches from the position of a pixel centre; for square: besides the drop itself. */
  reach: number;
  /** Factor and exponent of the gaussian; factor of turbo. */
  scale: number;
  exponent: number;
  /** Table of the Lanczos function, and its steps per output pixel. */
  table: Float64Array;
  perPixel: number;
}

/** Lanczos function of an order at multiples of {@link STEP}. */
export function lanczosTable(order: number): Float64Array {
  const table = new Float64Array(Math.ceil(order / STEP) + 1);
  table[0] = 1;
  for (let i = 1; i < table.length; i++) {
    const x = Math.PI * i * STEP;
    if (i * STEP <= order) table[i] = (Math.sin(x) * Math.sin(x / order)) / ((x * x) / order);
  }
  return table;
}

/**
 * Settle a kernel (Fruchter & Hook 2002 for square and point; the others as the drizzle library defines them).
 * @param pixfrac - side of the drop; so small that it is a point: the point kernel
 * @param scaleRatio - side of output pixels over that of input pixels
 */
export function kernelSetup(kernel: KernelName, pixfrac: number, scaleRatio: number): KernelSetup {
  const ratio = Math.fround(scaleRatio);
  const name = pixfrac <= POINT ? "point" : kernel;
  const setup: KernelSetup = { name, reach: 0.5, scale: 1, exponent: 0, table: new Float64Array(0), perPixel: 0 };
  const perArea = (ratio * ratio) / (pixfrac * pixfrac);
  if (name === "turbo") {
    setup.reach = pixfrac / ratio / 2;
    setup.scale = perArea;
  } else if (name === "gaussian") {
    setup.reach = Math.max((GAUSSIAN_REACH * pixfrac) / FWHM / ratio, 1.2 / ratio);
    setup.exponent = (FWHM * FWHM * perArea) / 2;
    setup.scale = setup.exponent / Math.PI;
  } else if (name === "lanczos2" || name === "lanczos3") {
    const order = name === "lanczos2" ? 2 : 3;
    setup.reach = order / ratio;
    setup.perPixel = ratio / STEP;
    setup.table = lanczosTable(order);
  }
  return setup;
}

/** Shares of a drop with the corners `c`: overlap area over area of the drop. */
export function squareHits(c: Float64Array, coverage: Coverage, rows: Rows, hits: Hits): number {
  const area = quadArea(c);
  if (area === 0) return 0;
  let xa = c[0];
  let xb = c[0];
  let ya = c[4];
  let yb = c[4];
  for (let k = 1; k < 4; k++) {
    const x = c[k];
    const y = c[k + 4];
    if (x < xa) xa = x;
    else if (x > xb) xb = x;
    if (y < ya) ya = y;
    else if (y > yb) yb = y;
  }
  const i0 = Math.floor(xa + 0.5);
  const i1 = Math.floor(xb + 0.5);
  const j0 = Math.floor(ya + 0.5);
  const j1 = Math.floor(yb + 0.5);
  const { onx, start, end } = rows;
  if (i1 < 0 || i0 >= onx || j1 < start || j0 >= end) return 0;
  const columns = i1 - i0 + 1;
  const lines = j1 - j0 + 1;
  const cells = coverage.of(c, i0, j0, columns, lines);
  hits.reserve(columns * lines);
  const { index, share } = hits;
  const per = 1 / area;
  let n = 0;
  for (let j = 0, p = 0; j < lines; j++, p++) {
    const inside = j0 + j >= start && j0 + j < end;
    const line = (j0 + j) * onx + i0;
    for (let i = 0; i < columns; i++, p++) {
      const shared = cells[p];
      if (shared === 0 || !inside || i0 + i < 0 || i0 + i >= onx) continue;
      index[n] = line + i;
      share[n++] = shared * per;
    }
  }
  return n;
}

/** The whole weight goes to the pixel that the centre falls on. */
export function pointHits(x: number, y: number, rows: Rows, hits: Hits): number {
  const i = round(x);
  const j = round(y);
  if (i < 0 || i >= rows.onx || j < rows.start || j >= rows.end) return 0;
  hits.index[0] = j * rows.onx + i;
  hits.share[0] = 1;
  return 1;
}

/** Overlap with a square that is aligned with the axes of the output. */
export function turboHits(x: number, y: number, { reach, scale }: KernelSetup, rows: Rows, hits: Hits): number {
  const xa = x - reach;
  const xb = x + reach;
  const ya = y - reach;
  const yb = y + reach;
  const i0 = Math.max(round(xa), 0);
  const i1 = Math.min(round(xb), rows.onx - 1);
  const j0 = Math.max(round(ya), rows.start);
  const j1 = Math.min(round(yb), rows.end - 1);
  if (i1 < i0 || j1 < j0) return 0;
  hits.reserve((i1 - i0 + 1) * (j1 - j0 + 1));
  const { index, share } = hits;
  let n = 0;
  for (let j = j0; j <= j1; j++) {
    const dy = Math.min(yb, j + 0.5) - Math.max(ya, j - 0.5);
    if (dy <= 0) continue;
    for (let i = i0; i <= i1; i++) {
      const dx = Math.min(xb, i + 0.5) - Math.max(xa, i - 0.5);
      if (dx <= 0) continue;
      index[n] = j * rows.onx + i;
      share[n++] = dx * dy * scale;
    }
  }
  return n;
}

/** A gaussian around the centre; does not conserve flux. */
export function gaussianHits(x: number, y: number, setup: KernelSetup, rows: Rows, hits: Hits): number {
  const { reach, scale, exponent } = setup;
  const i0 = Math.max(round(x - reach), 0);
  const i1 = Math.min(round(x + reach), rows.onx - 1);
  const j0 = Math.max(round(y - reach), rows.start);
  const j1 = Math.min(round(y + reach), rows.end - 1);
  if (i1 < i0 || j1 < j0) return 0;
  hits.reserve((i1 - i0 + 1) * (j1 - j0 + 1));
  const { index, share } = hits;
  let n = 0;
  for (let j = j0; j <= j1; j++) {
    const dy = y - j;
    for (let i = i0; i <= i1; i++) {
      const dx = x - i;
      index[n] = j * rows.onx + i;
      share[n++] = scale * Math.exp(-(dx * dx + dy * dy) * exponent);
    }
  }
  return n;
}

/** A product of Lanczos functions; its side lobes are negative, and it does not conserve flux. */
export function lanczosHits(x: number, y: number, setup: KernelSetup, rows: Rows, hits: Hits): number {
  const { reach, table, perPixel } = setup;
  const i0 = Math.max(Math.floor(x - reach) + 1, 0);
  const i1 = Math.min(Math.floor(x + reach), rows.onx - 1);
  const j0 = Math.max(Math.floor(y - reach) + 1, rows.start);
  const j1 = Math.min(Math.floor(y + reach), rows.end - 1);
  if (i1 < i0 || j1 < j0) return 0;
  hits.reserve((i1 - i0 + 1) * (j1 - j0 + 1));
  const { index, share } = hits;
  let n = 0;
  for (let j = j0; j <= j1; j++) {
    const v = Math.floor(Math.abs((y - j) * perPixel) + 0.5);
    if (v >= table.length) continue;
    for (let i = i0; i <= i1; i++) {
      const u = Math.floor(Math.abs((x - i) * perPixel) + 0.5);
      if (u >= table.length) continue;
      index[n] = j * rows.onx + i;
      share[n++] = table[u] * table[v];
    }
  }
  return n;
}

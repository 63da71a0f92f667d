import { ensureMemory, instantiate } from "@calwebb/array";
import { Corners } from "./corners.js";
import { squareWasm } from "./generated/square.wasm.js";
import { gridRow, isSurface, KEPT, type PositionRow, PositionRows } from "./positions.js";
import { betweenRows } from "./surface.js";
import type { DrizzleBand, Positions, VarianceSums } from "./types.js";
import { takeWeight } from "./weight.js";

interface Kernel {
  readonly memory: WebAssembly.Memory;
  setup(
    onx: number,
    start: number,
    end: number,
    out: number,
    wht: number,
    con: number,
    bit: number,
    quads: number,
    kinds: number,
    cells: number,
  ): void;
  row(
    first: number,
    last: number,
    stride: number,
    upperX: number,
    upperY: number,
    lowerX: number,
    lowerY: number,
    data: number,
    weight: number,
    variances: number,
    nx: number,
    level: number,
    factor: number,
  ): void;
  surface(
    r0: number,
    r1: number,
    b0: number,
    b1: number,
    s: number,
    t: number,
    a: number,
    b: number,
    out: number,
    n: number,
  ): void;
  means(one: number, two: number, n: number, out: number): void;
  gather(quad: number, n: number, lane: number, own: number, fixed: number, sum: number, total: number): void;
}

/** Errors that the kernel carries along. */
const KINDS = 3;
/** Drops that reach over more pixels than this each way are left to the TypeScript kernel. */
const LARGEST = 256;

/** One instance for all bands of a thread; null where the platform has no WASM SIMD. */
let instance: Kernel | null | undefined;

interface Layout {
  cells: number;
  corners: number[];
  /** Rows of positions, x and y by turns. */
  positions: number[];
  /** Two rows of the grid of each surface, and their second derivatives. */
  grid: number[];
  data: number;
  weight: number;
  variances: number;
  sum: number;
  total: number;
  out: number;
  wht: number;
  con: number;
  quads: number;
  end: number;
}

/** Where things lie in the kernel's memory [byte]. */
function layOut(b: DrizzleBand, side: number, width: number, kinds: number): Layout {
  let end = 1024;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const npix = (b.end - b.start) * b.onx;
  const { nx } = b.map;
  return {
    cells: take(8 * side * (side + 1)),
    corners: [0, 1, 2, 3].map(() => take(8 * width)),
    positions: Array.from({ length: 2 * KEPT }, () => take(8 * nx)),
    grid: isSurface(b.map) ? Array.from({ length: 8 }, () => take(8 * nx)) : [],
    data: take(4 * nx),
    weight: take(4 * nx),
    variances: take(4 * nx * kinds),
    sum: take(4 * b.onx),
    total: take(4 * b.onx),
    out: take(4 * npix),
    wht: take(4 * npix),
    con: b.con === null ? 0 : take(4 * npix),
    quads: kinds === 0 ? 0 : take(16 * npix),
    end,
  };
}

/**
 * What {@link drizzleBand} does for the square kernel, in WASM SIMD; the results are the same bit for bit.
 * @returns false, and nothing is changed, where there is no WASM SIMD or the band asks for something that the kernel does not do
 */
export function squareBand(b: DrizzleBand): boolean {
  if (b.outErr !== null || b.outDq !== null || b.variances.length > KINDS) return false;
  // Corners lie at most four steps of the map apart.
  const side = Math.ceil(4 * b.extent.stretch) + 3;
  if (!(side < LARGEST)) return false;
  if (instance === undefined) instance = instantiate<Kernel>(squareWasm) ?? null;
  if (instance === null) return false;
  const kernel = instance;

  const { map, extent, limits, onx, start } = b;
  const { nx, ny } = map;
  const kinds = b.variances.filter((v) => v.variance !== null);
  const at = layOut(b, side, Corners.width(nx, b.pixfrac / 2), kinds.length);
  ensureMemory(kernel.memory, at.end);
  const { buffer } = kernel.memory;
  const f32 = (from: number, n: number): Float32Array => new Float32Array(buffer, from, n);
  const rows = positionRows(map, kernel, at);
  const corners = new Corners(
    rows,
    b.pixfrac / 2,
    (n, k) => new Float64Array(buffer, at.corners[k], n),
    (one, two, to) => kernel.means(one.byteOffset, two.byteOffset, nx, to.byteOffset),
  );
  const npix = (b.end - start) * onx;
  const base = start * onx;
  const out = f32(at.out, npix);
  const wht = f32(at.wht, npix);
  const con = b.con === null ? null : new Int32Array(buffer, at.con, npix);
  out.set(b.out.subarray(base, base + npix));
  wht.set(b.wht.subarray(base, base + npix));
  if (b.con !== null) con?.set(b.con.subarray(base, base + npix));
  if (kinds.length > 0) f32(at.quads, 4 * npix).fill(0);
  kernel.setup(onx, start, b.end, at.out, at.wht, at.con, b.bit, at.quads, kinds.length, at.cells);

  const data = f32(at.data, nx);
  const weight = f32(at.weight, nx);
  const variances = kinds.map((_, k) => f32(at.variances + 4 * nx * k, nx));
  const reach = extent.stretch + 1;
  const stride = corners.stride;
  for (let j = 0; j < ny; j++) {
    if (extent.rowHigh[j] < start - reach || extent.rowLow[j] > b.end - 1 + reach) continue;
    const first = limits[2 * j];
    const last = limits[2 * j + 1];
    if (last < first) continue;
    corners.start(j);
    const from = j * nx;
    data.set(b.data.subarray(from, from + nx));
    takeWeight(b.weight, from, from + nx, weight);
    for (let k = 0; k < kinds.length; k++)
      variances[k].set((kinds[k].variance as Float32Array).subarray(from, from + nx));
    const [upperX, upperY, lowerX, lowerY] = corners.offsets;
    const inputs = [at.data, at.weight, at.variances] as const;
    kernel.row(first, last, stride, upperX, upperY, lowerX, lowerY, ...inputs, nx, b.level, b.factor);
  }
  b.out.set(out, base);
  b.wht.set(wht, base);
  if (con !== null) b.con?.set(con, base);
  if (kinds.length > 0) gather(b, kernel, at, kinds, reach);
  return true;
}

/** Rows of positions in the kernel's memory. */
function positionRows(map: Positions, { memory, surface }: Kernel, at: Layout): PositionRows {
  const { nx } = map;
  const array = (from: number, n = nx): Float64Array => new Float64Array(memory.buffer, from, n);
  const room = (k: number): PositionRow => ({ x: array(at.positions[2 * k]), y: array(at.positions[2 * k + 1]) });
  if (!isSurface(map)) return new PositionRows(map, room);
  const { x0, surfaces } = map;
  const { my } = surfaces.x;
  const width = surfaces.x.nx;
  const held = [-1, -1];
  /** Take a row of the grid into memory, its values and second derivatives in x and in y. */
  const hold = (row: number): number => {
    const k = row & 1;
    if (held[k] === row) return k;
    held[k] = row;
    for (const [axis, { rows, bends }] of [surfaces.x, surfaces.y].entries())
      for (const [part, values] of [rows, bends].entries())
        if (values.length > 0)
          array(at.grid[4 * k + 2 * axis + part], width).set(values.subarray(row * width, (row + 1) * width));
    return k;
  };
  return new PositionRows(map, room, (j, { x, y }) => {
    const place = gridRow(map, j);
    const within = place >= 0;
    if (!within || width < nx) {
      x.fill(Number.NaN);
      y.fill(Number.NaN);
    }
    if (!within) return;
    const { row, s, t, a, b } = betweenRows(place, my);
    const [one, two] = [hold(row), hold(row + 1)];
    for (const [axis, out] of [x, y].entries()) {
      const [r0, r1, b0, b1] = [0, 1].flatMap((part) => [one, two].map((k) => at.grid[4 * k + 2 * axis + part]));
      const bends = surfaces.x.bends.length > 0 ? ([b0, b1] as const) : ([0, 0] as const);
      surface(r0, r1, ...bends, s, t, a, b, out.byteOffset + 8 * x0, width);
    }
  });
}

/** Add the errors of the exposure to the sums over exposures. */
function gather(b: DrizzleBand, kernel: Kernel, at: Layout, kinds: readonly VarianceSums[], reach: number): void {
  const { onx, start, end, extent } = b;
  const left = Math.max(0, Math.floor(extent.xLow - reach));
  const n = Math.min(onx - 1, Math.ceil(extent.xHigh + reach)) - left + 1;
  if (!(n > 0)) return;
  const { buffer } = kernel.memory;
  const sum = new Float32Array(buffer, at.sum, n);
  const total = new Float32Array(buffer, at.total, n);
  const own = b.varianceWeight === undefined && b.variances[0]?.variance ? 1 : 0;
  for (let j = start; j < end; j++) {
    const quad = at.quads + 16 * ((j - start) * onx + left);
    const from = j * onx + left;
    for (let k = 0; k < kinds.length; k++) {
      sum.set(kinds[k].sum.subarray(from, from + n));
      total.set(kinds[k].total.subarray(from, from + n));
      kernel.gather(quad, n, k + 1, own, b.varianceWeight ?? 1, at.sum, at.total);
      kinds[k].sum.set(sum, from);
      kinds[k].total.set(total, from);
    }
  }
}

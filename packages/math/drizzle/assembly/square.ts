// One row of input pixels after the other onto a band of output rows, for the square kernel: src/square.ts says what lies where;
// src/kernels.ts, src/coverage.ts, src/drizzle.ts and src/variance.ts do the same, operation by operation, without WASM.

/** Shares smaller than this are rounding, not overlap. */
const NOTHING: f64 = 1e-12;

let onx: i32 = 0;
let bandStart: i32 = 0;
let bandEnd: i32 = 0;
let out: usize = 0;
let wht: usize = 0;
let con: usize = 0;
let bit: i32 = 0;
let quads: usize = 0;
let kinds: i32 = 0;
let cells: usize = 0;

/**
 * Say what the band is.
 * @param width - columns of the output
 * @param start, end - rows of the band
 * @param outAt, whtAt - f32 rows of the band
 * @param conAt - i32 rows of the context, 0: none
 * @param flag - bit of the exposure in the context
 * @param quadsAt - four f32 per pixel of the band: weight and three errors of this exposure; 0: none
 * @param nkinds - errors that there are, 0 to 3
 * @param cellsAt - f64 scratch for the pixels that one drop reaches
 */
export function setup(
  width: i32,
  start: i32,
  end: i32,
  outAt: usize,
  whtAt: usize,
  conAt: usize,
  flag: i32,
  quadsAt: usize,
  nkinds: i32,
  cellsAt: usize,
): void {
  onx = width;
  bandStart = start;
  bandEnd = end;
  out = outAt;
  wht = whtAt;
  con = conAt;
  bit = flag;
  quads = quadsAt;
  kinds = nkinds;
  cells = cellsAt;
}

/**
 * Positions of a row between two rows of a surface's grid: s * r0 + t * r1 + a * b0 + b * b1.
 * @param r0, r1 - f64 values of the rows of the grid
 * @param b0, b1 - f64 second derivatives, 0: there are none
 * @param n - positions
 */
export function surface(
  r0: usize,
  r1: usize,
  b0: usize,
  b1: usize,
  s: f64,
  t: f64,
  a: f64,
  b: f64,
  out: usize,
  n: i32,
): void {
  const pairs = (<usize>(n & ~1)) << 3;
  const end = (<usize>n) << 3;
  const ss = f64x2.splat(s);
  const ts = f64x2.splat(t);
  const as = f64x2.splat(a);
  const bs = f64x2.splat(b);
  for (let i: usize = 0; i < pairs; i += 16) {
    let v = f64x2.add(f64x2.mul(ss, v128.load(r0 + i)), f64x2.mul(ts, v128.load(r1 + i)));
    if (b0 !== 0) {
      v = f64x2.add(v, f64x2.mul(as, v128.load(b0 + i)));
      v = f64x2.add(v, f64x2.mul(bs, v128.load(b1 + i)));
    }
    v128.store(out + i, v);
  }
  for (let i = pairs; i < end; i += 8) {
    let v = s * load<f64>(r0 + i) + t * load<f64>(r1 + i);
    if (b0 !== 0) v = v + a * load<f64>(b0 + i) + b * load<f64>(b1 + i);
    store<f64>(out + i, v);
  }
}

/** Means of neighbouring pixels of two rows of n positions; the first goes to element 1 of `out`. */
export function means(one: usize, two: usize, n: i32, out: usize): void {
  const quarter = f64x2.splat(0.25);
  const end = (<usize>n - 1) << 3;
  let i: usize = 0;
  for (; i + 8 < end; i += 16) {
    let v = f64x2.add(v128.load(one + i), v128.load(one + i, 8));
    v = f64x2.add(v, v128.load(two + i));
    v = f64x2.add(v, v128.load(two + i, 8));
    v128.store(out + i, f64x2.mul(quarter, v), 8);
  }
  for (; i < end; i += 8) {
    const v = load<f64>(one + i) + load<f64>(one + i, 8) + load<f64>(two + i) + load<f64>(two + i, 8);
    store<f64>(out + i, 0.25 * v, 8);
  }
}

/** Added to a whole number, it leaves the number in the low bits. */
const WHOLE: f64 = 6755399441055744.0;

/** A whole number as an integer, without the checks of a conversion. */
function index(whole: f64): i32 {
  return <i32>reinterpret<i64>(whole + WHOLE);
}

/** The lesser and the greater of two numbers. Unlike f64.min and f64.max these are one instruction: there is no NaN. */
function lesser(a: f64, b: f64): f64 {
  return f64x2.extract_lane(f64x2.pmin(f64x2.splat(a), f64x2.splat(b)), 0);
}

function greater(a: f64, b: f64): f64 {
  return f64x2.extract_lane(f64x2.pmax(f64x2.splat(a), f64x2.splat(b)), 0);
}

/** Spread the height of a piece of an edge within one row over the cells from x = a to x = b. */
function run(line: usize, a: f64, b: f64, height: f64): void {
  const low = Math.floor(a);
  const high = Math.floor(b);
  let at = line + ((<usize>index(low)) << 3);
  if (low === high) {
    const right = height * (0.5 * (a + b) - low);
    store<f64>(at, load<f64>(at) + (height - right));
    store<f64>(at, load<f64>(at, 8) + right, 8);
    return;
  }
  const per = height / (b - a);
  for (let i = low; i <= high; i += 1.0) {
    const from = i === low ? a : i;
    const to = i === high ? b : i + 1.0;
    const piece = per * (to - from);
    const right = piece * (0.5 * (from + to) - i);
    store<f64>(at, load<f64>(at) + (piece - right));
    store<f64>(at, load<f64>(at, 8) + right, 8);
    at += 8;
  }
}

/** Add an edge that goes up from (x1, y1) to (x2, y2), row by row. */
function edge(pitch: usize, x1: f64, y1: f64, x2: f64, y2: f64, sign: f64): void {
  const slope = (x2 - x1) / (y2 - y1);
  // Rounding may have put the lowest point just below the cells.
  const first = greater(0.0, Math.floor(y1));
  let line = cells + <usize>index(first) * pitch;
  let top = first + 1.0;
  let y = y1;
  let x = x1;
  // Where the edge ends at the upper limit of a row, what would be in the next one has no height.
  while (top < y2) {
    const nx = x1 + (top - y1) * slope;
    run(line, lesser(x, nx), greater(x, nx), sign * (top - y));
    y = top;
    x = nx;
    top += 1.0;
    line += pitch;
  }
  if (y2 > y) run(line, lesser(x, x2), greater(x, x2), sign * (y2 - y));
}

function side(pitch: usize, x1: f64, y1: f64, x2: f64, y2: f64): void {
  if (y1 < y2) edge(pitch, x1, y1, x2, y2, 1.0);
  else if (y2 < y1) edge(pitch, x2, y2, x1, y1, -1.0);
}

/**
 * Add the pixels first .. last of one row of the input.
 * @param stride - corners per pixel and edge: 1 for drops that touch, 2 for smaller ones
 * @param upperX, upperY, lowerX, lowerY - f64 corners of the row's upper and lower edge
 * @param data, weight - f32 row of the input
 * @param variances - f32 rows of variances, `nx` values each, as many as there are kinds
 * @param level - subtracted from the data
 * @param factor - on the data and errors
 */
export function row(
  first: i32,
  last: i32,
  stride: i32,
  upperX: usize,
  upperY: usize,
  lowerX: usize,
  lowerY: usize,
  data: usize,
  weight: usize,
  variances: usize,
  nx: i32,
  level: f64,
  factor: f64,
): void {
  const plane = (<usize>nx) << 2;
  for (let i = first; i <= last; i++) {
    const p = (<usize>i) << 2;
    const w = load<f32>(weight + p);
    if (w === 0.0) continue;
    const c = (<usize>(i * stride)) << 3;
    const ux = v128.load(upperX + c);
    const lx = v128.load(lowerX + c);
    const uy = v128.load(upperY + c);
    const ly = v128.load(lowerY + c);
    const x0 = f64x2.extract_lane(ux, 0);
    const x1 = f64x2.extract_lane(ux, 1);
    const x2 = f64x2.extract_lane(lx, 1);
    const x3 = f64x2.extract_lane(lx, 0);
    const y0 = f64x2.extract_lane(uy, 0);
    const y1 = f64x2.extract_lane(uy, 1);
    const y2 = f64x2.extract_lane(ly, 1);
    const y3 = f64x2.extract_lane(ly, 0);
    const sum = x0 + x1 + x2 + x3 + y0 + y1 + y2 + y3;
    if (sum - sum !== 0.0) continue;
    const area = 0.5 * ((x1 - x3) * (y0 - y2) - (x0 - x2) * (y1 - y3));
    if (area === 0.0) continue;
    // The lowest x and y of the corners, and the highest.
    const lowX = f64x2.pmin(ux, lx);
    const lowY = f64x2.pmin(uy, ly);
    const low = f64x2.pmin(i64x2.shuffle(lowX, lowY, 0, 2), i64x2.shuffle(lowX, lowY, 1, 3));
    const highX = f64x2.pmax(ux, lx);
    const highY = f64x2.pmax(uy, ly);
    const high = f64x2.pmax(i64x2.shuffle(highX, highY, 0, 2), i64x2.shuffle(highX, highY, 1, 3));
    const halves = f64x2.splat(0.5);
    const begin = f64x2.floor(f64x2.add(low, halves));
    const end = f64x2.floor(f64x2.add(high, halves));
    const j0 = index(f64x2.extract_lane(begin, 1));
    const j1 = index(f64x2.extract_lane(end, 1));
    if (j1 < bandStart || j0 >= bandEnd) continue;
    const i0 = index(f64x2.extract_lane(begin, 0));
    const i1 = index(f64x2.extract_lane(end, 0));
    if (i1 < 0 || i0 >= onx) continue;
    const columns = i1 - i0 + 1;
    const rows = j1 - j0 + 1;
    const pitch = (<usize>(columns + 1)) << 3;
    // The last store may reach into the slack behind the cells.
    const cleared = cells + pitch * <usize>rows;
    for (let cell = cells; cell < cleared; cell += 16) v128.store(cell, f64x2.splat(0));
    const ox = f64x2.extract_lane(begin, 0) - 0.5;
    const oy = f64x2.extract_lane(begin, 1) - 0.5;
    const u0 = x0 - ox;
    const u1 = x1 - ox;
    const u2 = x2 - ox;
    const u3 = x3 - ox;
    const v0 = y0 - oy;
    const v1 = y1 - oy;
    const v2 = y2 - oy;
    const v3 = y3 - oy;
    side(pitch, u3, v3, u0, v0);
    side(pitch, u0, v0, u1, v1);
    side(pitch, u1, v1, u2, v2);
    side(pitch, u2, v2, u3, v3);

    const per = 1.0 / area;
    const value = <f32>(<f64>(<f32>(<f64>load<f32>(data + p) - level)) * factor);
    let e0: f64 = 0.0;
    let e1: f64 = 0.0;
    let e2: f64 = 0.0;
    if (kinds > 0) e0 = <f64>sqrt<f32>(load<f32>(variances + p)) * factor;
    if (kinds > 1) e1 = <f64>sqrt<f32>(load<f32>(variances + plane + p)) * factor;
    if (kinds > 2) e2 = <f64>sqrt<f32>(load<f32>(variances + (plane << 1) + p)) * factor;
    const errors12 = f64x2.replace_lane(f64x2.splat(e1), 1, e2);
    const wide = <f64>w;
    const from = max(0, bandStart - j0);
    const to = min(rows, bandEnd - j0);
    const left = max(0, -i0);
    const right = min(columns, onx - i0);
    for (let j = from; j < to; j++) {
      let cell = cells + <usize>j * pitch;
      let covered: f64 = 0.0;
      const line = (j0 + j - bandStart) * onx + i0;
      for (let k = 0; k < right; k++) {
        covered += load<f64>(cell);
        cell += 8;
        if (k < left || !(covered > NOTHING || covered < -NOTHING)) continue;
        const at = <usize>(line + k);
        const share = <f32>(covered * per * wide);
        if (share !== 0.0) {
          const place = at << 2;
          if (con !== 0 && share > 0.0) store<i32>(con + place, load<i32>(con + place) | bit);
          const before = load<f32>(wht + place);
          const after = before + share;
          store<f32>(wht + place, after);
          const now = load<f32>(out + place);
          store<f32>(out + place, before === 0.0 ? value : (now * before + share * value) / after);
        }
        if (kinds > 0) {
          const quad = quads + (at << 4);
          const before = load<f32>(quad);
          const after = before + share;
          let keep: f64 = 1.0;
          let add: f64 = 0.0;
          if (share !== 0.0) {
            const one = 1.0 / <f64>after;
            keep = <f64>before * one;
            add = <f64>share * one;
          }
          store<f32>(quad, after);
          store<f32>(quad, <f32>(<f64>load<f32>(quad, 4) * keep + e0 * add), 4);
          const two = f64x2.promote_low_f32x4(v128.load64_zero(quad, 8));
          const next = f64x2.add(f64x2.mul(two, f64x2.splat(keep)), f64x2.mul(errors12, f64x2.splat(add)));
          v128.store64_lane(quad, f32x4.demote_f64x2_zero(next), 0, 8);
        }
      }
    }
  }
}

/**
 * Add what the quads hold of one row of the output to sums over exposures.
 * @param quad - first pixel
 * @param n - pixels
 * @param lane - which error, 1 to 3
 * @param own - lane of the error that weighs: one over its square; 0: `fixed` weighs
 * @param sum, total - f32 rows: variance times weight squared, weight
 */
export function gather(quad: usize, n: i32, lane: i32, own: i32, fixed: f64, sum: usize, total: usize): void {
  const value = (<usize>lane) << 2;
  const weigher = (<usize>own) << 2;
  for (let i = 0; i < n; i++) {
    if (load<f32>(quad) !== 0.0) {
      const error = load<f32>(quad + value);
      const variance = error * error;
      let w = fixed;
      let use = variance < f32.MAX_VALUE || variance === f32.MAX_VALUE;
      if (own !== 0) {
        const e = load<f32>(quad + weigher);
        const square = e * e;
        use = use && square > 0.0 && square <= f32.MAX_VALUE;
        w = <f64>(<f32>1.0 / square);
      }
      if (use) {
        const so = load<f32>(sum);
        const add = <f64>variance * w * w;
        store<f32>(sum, <f32>(so >= 0.0 || so < 0.0 ? <f64>so + add : add));
        store<f32>(total, <f32>(<f64>load<f32>(total) + w));
      }
    }
    quad += 16;
    sum += 4;
    total += 4;
  }
}

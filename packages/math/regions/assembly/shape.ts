// What src/exact.ts, src/square.ts, src/shape.ts and src/ellipse.ts do, operation by operation. Memory is laid out by the caller;
// offsets are in bytes.

// ---- A product and a sum with one rounding: see src/exact.ts. ----

const SPLIT: f64 = 134217729.0;

/** What rounding took from the last sum. */
let low: f64 = 0;

function productRest(a: f64, b: f64, p: f64): f64 {
  const a1 = SPLIT * a - (SPLIT * a - a);
  const a2 = a - a1;
  const b1 = SPLIT * b - (SPLIT * b - b);
  const b2 = b - b1;
  return a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
}

function sum(a: f64, b: f64): f64 {
  const s = a + b;
  const t = s - a;
  low = a - (s - t) + (b - t);
  return s;
}

function sumToOdd(a: f64, b: f64): f64 {
  const s = sum(a, b);
  const rest = low;
  if (rest === 0) return s;
  const bits = reinterpret<i64>(s);
  if (bits & 1) return s;
  return reinterpret<f64>(bits + (rest > 0 === s > 0 ? 1 : -1));
}

function fma(a: f64, b: f64, c: f64): f64 {
  const p = a * b;
  const inner = sum(c, productRest(a, b, p));
  const innerLow = low;
  const outer = sum(p, inner);
  return outer + sumToOdd(innerLow, low);
}

// ---- x squared: see src/square.ts. ----

/** -log2(1 + i / 32), one more from i = 16 on: what src/square.ts computes, in 40 places, and the rest. */
const LOG = memory.data<f64>([
  0.0, -0.04439411935800308, -0.0874628412502716, -0.12928301694500988, -0.16992500144260703, -0.20945336562908778,
  -0.24792751344375574, -0.2854022188621457, -0.32192809488697094, -0.3575520046179008, -0.39231742277843296,
  -0.4262647547020606, -0.45943161863760906, -0.49185309632957797, -0.5235619560571649, -0.5545888516780906,
  0.4150374992786965, 0.3852901558848316, 0.3561438102251486, 0.3275746580284249, 0.29956028185915784,
  0.2720795454370091, 0.24511249783608946, 0.21864028647542, 0.19264507794196106, 0.16710998583494074,
  0.1420190048720542, 0.1173569506381682, 0.09310940439172555, 0.06926266243681312, 0.04580368961342174,
  0.02272007650026353,
]);
const LOG_REST = memory.data<f64>([
  0.0, -4.5035636491329477e-13, -6.781363655020842e-14, 4.3421195976986995e-14, 2.9466363971563933e-13,
  1.3800246976244608e-13, 1.7024883460791358e-13, -1.02668366941445e-13, -3.914087556296025e-13, -1.82872716976671e-13,
  -3.273329303085191e-13, -3.733907276649932e-14, 3.1180651700181383e-13, -9.67451159139632e-14, 1.520621696507556e-13,
  4.532053086411405e-13, 1.4733181985781966e-13, -3.983479855974919e-14, 1.266771905137232e-13, 7.951818330761124e-14,
  -2.500001867992647e-13, -2.0825307466611057e-13, 4.4199545957345896e-13, -7.960223862778872e-14,
  4.348299516065895e-13, 3.1758065446573327e-13, 3.736684162192024e-13, -9.459192232399996e-15, -2.4407693577178287e-13,
  3.0060745418937855e-13, -2.9694741952048217e-13, -1.800011104506994e-13,
]);
/** 2^(i / 16), and what that is short of in units of itself. */
const ROOT = memory.data<f64>([
  1.0,
  1.0442737824274138,
  1.0905077326652577,
  1.1387886347566916,
  1.189207115002721,
  1.241857812073484,
  1.2968395546510096,
  1.3542555469368927,
  Math.SQRT2,
  1.4768261459394993,
  1.5422108254079407,
  1.6104903319492543,
  1.681792830507429,
  1.7562521603732995,
  1.8340080864093424,
  1.9152065613971474,
]);
const ROOT_REST = memory.data<f64>([
  0.0, 8.189317638195515e-17, -2.7939114859515733e-17, 7.826573258636076e-17, 3.3484623336251524e-17,
  3.750854201303127e-17, 1.9572585293112036e-17, 5.68648095791174e-17, -6.835808657661922e-17, -2.3591094770850053e-17,
  5.1548301170786783e-17, 1.5341410053603723e-17, 4.875160526227062e-17, 1.685487290628973e-17, 1.790126907604513e-17,
  -5.545065618639427e-17,
]);
const SCALE: f64 = 2.8853900817779268;

function towardsZero(a: f64, b: f64): f64 {
  const s = a + b;
  const lost = b - (s - a);
  if (lost === 0 || lost > 0 === s > 0) return s;
  const below = s * (1.0 - 1.1102230246251565e-16);
  return below === s ? s * (1.0 - 2.220446049250313e-16) : below;
}

/** Second part of the last logarithm. */
let logRest: f64 = 0;

function log2(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  const exponent = <f64>(<i32>(bits >> 52) - 1023);
  const mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | (1022 << 52));
  const inverse = floor(32.0 / mantissa + 0.5) / 32.0;
  const r = fma(mantissa * 0.5, inverse, -0.5);
  const i: usize = inverse === 2.0 ? 0 : <usize>((inverse - 1.0) * 32.0);
  const whole = load<f64>(LOG + (i << 3)) + exponent + (inverse < 1.5 ? 1.0 : 0.0);
  const r2 = r * r;
  let tail = fma(-147.81949020589988, r, 82.1130963426615);
  tail = fma(r2, tail, fma(-46.16623558520178, r, 26.380707257740216));
  const middle = fma(r2, fma(-15.388747102981883, r, 9.233248261732964), fma(-5.770780163555852, r, 3.847186775703902));
  tail = fma(r2 * r2, tail, middle);
  tail = fma(r2, tail, fma(-4.0717556105226066e-17, r, 4.071092972869235e-17));
  tail = fma(r, tail, load<f64>(LOG_REST + (i << 3)));
  const linear = fma(SCALE, r, whole);
  const added = linear - whole;
  const head = fma(-r, added, linear);
  const lost = fma(r, SCALE, -added);
  const rest = fma(-lost, r, lost) - fma(added, r, -(linear - head));
  const small = tail + rest;
  const log = head + small;
  logRest = small - (log - head);
  return log;
}

/** x squared, as a vectorised power function gives it. */
export function square(x: f64): f64 {
  if (!(x > 0)) return x * x;
  const log = log2(x);
  const rest = logRest;
  const y = towardsZero(2.0 * log, 2.0 * rest);
  const steps = <i32>floor(y * 16.0);
  const f = y - <f64>steps / 16.0 + (2.0 * rest - (y - 2.0 * log));
  const f2 = f * f;
  let p = fma(0.00015741120548571732, f, 0.0013330645434141127);
  p = fma(f2, p, fma(0.009618141545265708, f, 0.0555041083923959));
  p = fma(f2, p, fma(0.24022650696194106, f, 0.6931471805599342));
  const k = (<usize>(steps & 15)) << 3;
  const root = load<f64>(ROOT + k);
  const power = reinterpret<f64>((<i64>((steps >> 4) + 1023)) << 52);
  return fma(root, fma(f, p, load<f64>(ROOT_REST + k)), root) * power;
}

/** Where the memory of the caller begins. */
export function start(): usize {
  return __heap_base;
}

// ---- Moments: see src/shape.ts. ----

/**
 * Second moments of a region about its centroid.
 * @param runs - i32 triples: row and columns [from, to), relative to the box of the region
 * @param n - runs
 * @param width - columns of the box
 * @param columns - f64 scratch, three times the width
 * @param out - receives the f64 sums of squares along rows and columns, and of products
 */
export function moments(runs: usize, n: i32, width: i32, area: f64, columns: usize, out: usize): void {
  const end = runs + <usize>n * 12;
  let sumY: f64 = 0;
  let sumX: f64 = 0;
  for (let p = runs; p < end; p += 12) {
    const from = <f64>load<i32>(p, 4);
    const to = <f64>load<i32>(p, 8);
    const count = to - from;
    sumY += <f64>load<i32>(p) * count;
    sumX += (count * (from + to - 1.0)) / 2.0;
  }
  const cy = sumY / area;
  const cx = sumX / area;
  const first = columns + ((<usize>width) << 3);
  const second = first + ((<usize>width) << 3);
  memory.fill(columns, 0, <usize>width * 24);
  let lastRow = -1;
  let dy: f64 = 0;
  let dy2: f64 = 0;
  for (let p = runs; p < end; p += 12) {
    const row = load<i32>(p);
    if (row !== lastRow) {
      lastRow = row;
      dy = <f64>row - cy;
      dy2 = square(dy);
    }
    const to = (<usize>load<i32>(p, 8)) << 3;
    for (let c = (<usize>load<i32>(p, 4)) << 3; c < to; c += 8) {
      store<f64>(columns + c, load<f64>(columns + c) + 1.0);
      store<f64>(first + c, load<f64>(first + c) + dy);
      store<f64>(second + c, load<f64>(second + c) + dy2);
    }
  }
  let yy: f64 = 0;
  let xx: f64 = 0;
  let xy: f64 = 0;
  for (let c = 0; c < width; c++) {
    const at = (<usize>c) << 3;
    const dx = <f64>c - cx;
    yy += load<f64>(second + at);
    xx = fma(load<f64>(columns + at), square(dx), xx);
    xy = fma(load<f64>(first + at), dx, xy);
  }
  store<f64>(out, yy);
  store<f64>(out, xx, 8);
  store<f64>(out, xy, 16);
}

// ---- Pixels of an ellipse: see src/ellipse.ts. ----

function isInside(dy: f64, dx: f64, sin: f64, cos: f64, a: f64, b: f64): bool {
  const u = (dy * cos + dx * sin) / a;
  const v = (dy * sin - dx * cos) / b;
  return u * u + v * v < 1.0;
}

/**
 * Runs of the pixels inside an ellipse with whole half axes around a pixel, clipped to an image.
 * @param row, from, to - i32 arrays, receive the runs; room for the rows of the image
 * @returns the number of runs
 */
export function ellipse(
  cy: f64,
  cx: f64,
  a: f64,
  b: f64,
  sin: f64,
  cos: f64,
  ny: f64,
  nx: f64,
  row: usize,
  from: usize,
  to: usize,
): i32 {
  const box = max(a, b) + 2.0;
  const reachY = abs(a * cos) + b * sin;
  const reachX = a * sin + abs(b * cos);
  const ty = min(box, cy);
  const tx = min(box, cx);
  const top = max(ceil(ty - reachY), 0.0) - ty;
  const bottom = min(min(floor(ty + reachY) - ty, box), ny - 1.0 - cy);
  const left = max(ceil(tx - reachX), 0.0) - tx;
  const right = min(min(floor(tx + reachX) - tx, box), nx - 1.0 - cx);
  const sa = sin / a;
  const cb = cos / b;
  const ca = cos / a;
  const sb = sin / b;
  const square = sa * sa + cb * cb;
  const slope = sin * cos * (1.0 / (a * a) - 1.0 / (b * b));
  const own = ca * ca + sb * sb;
  let n: usize = 0;
  for (let dy = top; dy <= bottom; dy += 1.0) {
    const mixed = dy * slope;
    const half = sqrt(max(0.0, mixed * mixed - square * (dy * dy * own - 1.0))) / square;
    let first = max(floor(-mixed / square - half) - 1.0, left);
    let last = min(ceil(-mixed / square + half) + 1.0, right);
    while (first <= last && !isInside(dy, first, sin, cos, a, b)) first += 1.0;
    while (last >= first && !isInside(dy, last, sin, cos, a, b)) last -= 1.0;
    if (first > last) continue;
    store<i32>(row + n, <i32>(cy + dy));
    store<i32>(from + n, <i32>(cx + first));
    store<i32>(to + n, <i32>(cx + last) + 1);
    n += 4;
  }
  return <i32>(n >> 2);
}

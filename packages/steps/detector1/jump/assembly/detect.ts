// What src/kernel/pixels.ts does with one pixel at a time, for a tile of pixels: the same operations, rounded alike. Memory is laid
// out by the caller; offsets are in bytes. All rows hold `row` elements, one row per sample (integration by integration, group by
// group) or per difference.

const BAD: i32 = 3;
const JUMP_DET: i32 = 4;

/** How pixels are judged. */
const ITERATIVE: i32 = 0;
const SINGLE: i32 = 1;

let data: usize;
let dq: usize;
let diffs: usize;
let row: usize;
let nints: i32;
let ngroups: i32;
let length: i32;
/** Pairs of differences to put in order, so that all come to their place. */
let pairs: usize;
let npairs: i32;
/** Scratch: the differences of eight pixels, side by side. */
let lanes: usize;
/** Scratch: two times the differences of one pixel. */
let column: usize;
/** Usable differences of each pixel. */
let counts: usize;
/** Pixels worth a closer look: four times the column, plus 1 where there may be a jump, plus 2 where one is flagged. */
let list: usize;
let listed: i32;
/** Scratch of eight pixels: f32 limits, jumps are at most the first or at least the second; then f64 medians and sigmas. */
let limits: usize;
/** Scratch: one byte for each difference of four pixels, then of four more; a bit for each jump. */
let marks: usize;
/** Jumps that spread: sample times row, plus column. */
let spots: usize;
let nspots: i32;
/** One byte per sample: not 0 when its flags changed. */
let touched: usize;

export function layout(
  data_: usize,
  dq_: usize,
  diffs_: usize,
  row_: i32,
  nints_: i32,
  ngroups_: i32,
  pairs_: usize,
  npairs_: i32,
  lanes_: usize,
  column_: usize,
  counts_: usize,
  list_: usize,
  limits_: usize,
  marks_: usize,
  spots_: usize,
  touched_: usize,
): void {
  data = data_;
  dq = dq_;
  diffs = diffs_;
  row = row_;
  nints = nints_;
  ngroups = ngroups_;
  length = nints_ * (ngroups_ - 1);
  pairs = pairs_;
  npairs = npairs_;
  lanes = lanes_;
  column = column_;
  counts = counts_;
  list = list_;
  limits = limits_;
  marks = marks_;
  spots = spots_;
  touched = touched_;
}

/** Of two pixels: whether the range of the differences is too small for a jump; see pixels.ts. */
function calm(low: v128, high: v128, level: v128, noise: v128, limit: v128): v128 {
  const range = f64x2.sub(f64x2.promote_low_f32x4(high), f64x2.promote_low_f32x4(low));
  const sum = f64x2.add(f64x2.promote_low_f32x4(level), noise);
  const most = f64x2.mul(f64x2.mul(f64x2.mul(limit, limit), sum), f64x2.splat(0.9999));
  return f64x2.le(f64x2.mul(range, range), most);
}

function upper(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** Of two pixels: the threshold, by whether two or three differences are usable. */
function limit(few: v128, some: v128, threshold: f64, three: f64, two: f64): v128 {
  const more = v128.bitselect(f64x2.splat(three), f64x2.splat(threshold), i64x2.extend_low_i32x4_s(some));
  return v128.bitselect(f64x2.splat(two), more, i64x2.extend_low_i32x4_s(few));
}

/**
 * First differences of all pixels [e-], and the list of pixels that have a flagged jump or may have one.
 * @param width - pixels, a multiple of four
 * @param gain, readnoise - f32 rows
 * @param three, two - thresholds where so many differences are usable; for one pass over all, `threshold` again
 */
export function survey(
  width: i32,
  mode: i32,
  gain: usize,
  readnoise: usize,
  nframes: f64,
  threshold: f64,
  three: f64,
  two: f64,
): void {
  const row4 = row << 2;
  const magnitude = mode === ITERATIVE ? i32x4.splat(0x7fffffff) : i32x4.splat(-1);
  const fewest = i32x4.splat(mode === ITERATIVE ? 2 : mode === SINGLE ? 1 : i32.MAX_VALUE);
  const bad = i32x4.splat(BAD);
  const zero = i32x4.splat(0);
  let found = list;
  for (let k: usize = 0; k < <usize>width; k += 4) {
    const k4 = k << 2;
    const e = v128.load(gain + k4);
    let low = f32x4.splat(Infinity);
    let high = f32x4.splat(-Infinity);
    let n = zero;
    let flags = zero;
    let from = data + k4;
    let fromDq = dq + k;
    let to = diffs + k4;
    for (let i = 0; i < nints; i++) {
      let before = zero;
      for (let g = 0; g < ngroups; g++) {
        const f = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(fromDq)));
        flags = v128.or(flags, f);
        // All bits set: not a number.
        const value = v128.or(f32x4.mul(v128.load(from), e), i32x4.ne(v128.and(f, bad), zero));
        if (g > 0) {
          const d = f32x4.sub(value, before);
          v128.store(to, d);
          to += row4;
          const x = v128.and(d, magnitude);
          low = f32x4.pmin(low, x);
          high = f32x4.pmax(high, x);
          n = i32x4.sub(n, f32x4.eq(x, x));
        }
        before = value;
        from += row4;
        fromDq += row;
      }
    }
    const r32 = f32x4.mul(v128.load(readnoise + k4), e);
    const r = f32x4.mul(r32, r32);
    const level = f32x4.pmax(f32x4.pmax(f32x4.splat(0), low), f32x4.neg(high));
    const few = i32x4.eq(n, i32x4.splat(2));
    const some = i32x4.eq(n, i32x4.splat(3));
    const frames = f64x2.splat(nframes);
    const calm0 = calm(
      low,
      high,
      level,
      f64x2.div(f64x2.promote_low_f32x4(r), frames),
      limit(few, some, threshold, three, two),
    );
    const calm1 = calm(
      upper(low),
      upper(high),
      upper(level),
      f64x2.div(f64x2.promote_low_f32x4(upper(r)), frames),
      limit(upper(few), upper(some), threshold, three, two),
    );
    const quiet = i64x2.bitmask(calm0) | (i64x2.bitmask(calm1) << 2);
    const maybe = i32x4.bitmask(i32x4.ge_s(n, fewest)) & ~quiet;
    const flagged = i32x4.bitmask(i32x4.shl(flags, 29));
    v128.store(counts + k4, n);
    let wanted = maybe | flagged;
    while (wanted !== 0) {
      const lane = ctz(wanted);
      wanted &= wanted - 1;
      store<i32>(found, ((<i32>k + lane) << 2) | (((flagged >> lane) & 1) << 1) | ((maybe >> lane) & 1));
      found += 4;
    }
  }
  listed = <i32>((found - list) >> 2);
}

/**
 * The differences of four listed pixels, from `i` on, side by side; what is not a number comes last.
 * @param below, above - which of them are jumps
 * @param out - one byte for each difference of eight pixels, receives a bit for each jump
 */
function gather(i: i32, to: usize, magnitude: v128, below: v128, above: v128, out: usize): void {
  const row4 = row << 2;
  const last = f32x4.splat(Infinity);
  let p0 = listedColumn(i);
  let p1 = listedColumn(i + 1);
  let p2 = listedColumn(i + 2);
  let p3 = listedColumn(i + 3);
  for (let d = 0; d < length; d++) {
    let x = v128.load32_zero(p0);
    x = v128.load32_lane(p1, x, 1);
    x = v128.load32_lane(p2, x, 2);
    x = v128.load32_lane(p3, x, 3);
    const size = f32x4.abs(x);
    const jump = i32x4.bitmask(v128.or(f32x4.le(size, below), f32x4.ge(size, above)));
    store<u8>(out + <usize>d, <u8>jump);
    x = v128.and(x, magnitude);
    v128.store(to, v128.bitselect(x, last, f32x4.eq(x, x)));
    p0 += row4;
    p1 += row4;
    p2 += row4;
    p3 += row4;
    to += 32;
  }
}

/** The differences of eight listed pixels, side by side, and the jumps among them by the limits in memory. */
function gatherLanes(start: i32, absolute: bool): void {
  const magnitude = i32x4.splat(absolute ? 0x7fffffff : -1);
  gather(start, lanes, magnitude, v128.load(limits), v128.load(limits, 32), marks);
  gather(start + 4, lanes + 16, magnitude, v128.load(limits, 16), v128.load(limits, 48), marks + <usize>length);
}

/** Put the differences of eight pixels in order. */
function sortLanes(): void {
  const end = pairs + ((<usize>npairs) << 3);
  for (let c = pairs; c < end; c += 8) {
    const lo = lanes + <usize>load<i32>(c);
    const hi = lanes + <usize>load<i32>(c, 4);
    const a = v128.load(lo);
    const b = v128.load(hi);
    const a2 = v128.load(lo, 16);
    const b2 = v128.load(hi, 16);
    v128.store(lo, f32x4.pmin(a, b));
    v128.store(hi, f32x4.pmax(a, b));
    v128.store(lo, f32x4.pmin(a2, b2), 16);
    v128.store(hi, f32x4.pmax(a2, b2), 16);
  }
}

/** Put the usable differences of one pixel in order: runs of 16, then merges. Gives where they are. */
function sortColumn(p: usize, absolute: bool): usize {
  const row4 = row << 2;
  let from = column;
  let n = 0;
  for (let d = 0; d < length; d++, p += row4) {
    let x = load<f32>(p);
    if (!(abs(x) <= <f32>Infinity)) continue;
    if (absolute) x = abs(x);
    let j = n++;
    for (const first = j & ~15; j > first; j--) {
      const y = load<f32>(from + ((<usize>(j - 1)) << 2));
      if (!(y > x)) break;
      store<f32>(from + ((<usize>j) << 2), y);
    }
    store<f32>(from + ((<usize>j) << 2), x);
  }
  let to = column + ((<usize>length) << 2);
  for (let size = 16; size < n; size <<= 1) {
    for (let start = 0; start < n; start += size << 1) {
      const middle = min(start + size, n);
      const end = min(middle + size, n);
      let i = start;
      let j = middle;
      for (let k = start; k < end; k++) {
        const a = load<f32>(from + ((<usize>i) << 2));
        const b = load<f32>(from + ((<usize>j) << 2));
        const first = i < middle && (j >= end || a <= b);
        store<f32>(to + ((<usize>k) << 2), first ? a : b);
        if (first) i++;
        else j++;
      }
    }
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

/** The sorted differences of the pixel at hand: where, and how far apart (as a shift). */
let sorted: usize;
let apart: usize;

function at(i: i32): f64 {
  return <f64>load<f32>(sorted + ((<usize>i) << apart));
}

/** Median of the first n, from `first` on. */
function median(first: i32, n: i32): f64 {
  if (n === 0) return NaN;
  const h = first + (n >> 1);
  return n & 1 ? at(h) : (at(h - 1) + at(h)) / 2.0;
}

/** What the iterative method found: jumps are at most `below` or at least `above`; not a number where there are none. */
let below: f32;
let above: f32;

function away(i: i32, level: f64): f64 {
  return <f64>abs(<f32>(at(i) - level));
}

/** Jumps of one pixel, the most deviant ones first, from its sorted absolute differences. */
function iterate(n: i32, noise: f64, threshold: f64, three: f64, two: f64): bool {
  let first = 0;
  let end = n;
  for (;;) {
    const kept = end - first;
    if (kept < 2) break;
    const limit = kept >= 4 ? threshold : kept === 3 ? three : two;
    let level: f64;
    if (kept === 2) level = at(first);
    else if (kept === 3) level = at(first + 1);
    else {
      let m = end;
      const largest = at(end - 1);
      while (m > first && at(m - 1) === largest) m--;
      level = median(first, m - first);
    }
    if (kept < n) level = <f64>(<f32>level);
    const sigma = sqrt(abs(level) + noise);
    if (!(sigma > 0.0)) break;
    // They are in order: the most deviant one is at an end.
    let worst: f64 = -1.0;
    const e0 = away(first, level);
    if (e0 > worst) worst = e0;
    const e1 = away(end - 1, level);
    if (e1 > worst) worst = e1;
    if (!(worst / sigma > limit)) break;
    while (first < end && away(first, level) === worst) first++;
    while (end > first && away(end - 1, level) === worst) end--;
  }
  below = first > 0 ? <f32>at(first - 1) : NaN;
  above = end < n ? <f32>at(end) : NaN;
  return end - first < n;
}

/** The middle of all differences of the pixel at hand, and sigma about it. */
let middle: f64;
let sigma: f64;

/** Flags of one pixel: new jumps, the count, those that spread. Gives the number of jumps. */
function finish(k: usize, mode: i32, found: bool, threshold: f64, spread: bool, least: f64, most: f64): i32 {
  let p = dq + k;
  let d = diffs + (k << 2);
  const row4 = row << 2;
  let jumps = 0;
  let s = 0;
  for (let i = 0; i < nints; i++)
    for (let g = 0; g < ngroups; g++, s++, p += row) {
      const old = <i32>load<u8>(p);
      let f = old;
      let x: f64 = NaN;
      if (g > 0) {
        x = <f64>load<f32>(d);
        d += row4;
        if (found) {
          const size = <f32>abs(x);
          const jump = mode === ITERATIVE ? size <= below || size >= above : isJump(x, threshold);
          if (jump) f |= JUMP_DET;
        }
      }
      if ((f & JUMP_DET) === 0) continue;
      jumps++;
      if (spread) {
        const ratio = abs(x - middle) / sigma;
        if (ratio < most && ratio > least) {
          store<i32>(spots + ((<usize>nspots) << 2), s * <i32>row + <i32>k);
          nspots++;
        }
      }
      if ((f & BAD) !== 0) f &= ~JUMP_DET;
      if (f === old) continue;
      store<u8>(p, <u8>f);
      store<u8>(touched + <usize>s, 1);
    }
  return jumps;
}

function isJump(x: f64, threshold: f64): bool {
  return abs(x - middle) / sigma > threshold && x - x === 0.0;
}

/** Whether a pass over all differences of a pixel finds a jump. */
function anyJump(k: usize, threshold: f64): bool {
  let d = diffs + (k << 2);
  for (let i = 0; i < length; i++, d += row << 2) if (isJump(<f64>load<f32>(d), threshold)) return true;
  return false;
}

/** Where the differences of listed pixel `i` begin; of the last one beyond the end. */
function listedColumn(i: i32): usize {
  return diffs + <usize>(load<i32>(list + ((<usize>min(i, listed - 1)) << 2)) & ~3);
}

/** Put the differences of a batch of listed pixels in order. */
function sortBatch(start: i32, batch: i32, absolute: bool): void {
  if (batch === 1) {
    sorted = sortColumn(listedColumn(start), absolute);
    apart = 2;
    return;
  }
  gatherLanes(start, absolute);
  sortLanes();
  apart = 5;
}

/** Look at pixel `j` of the batch: where it is, and its sorted differences. */
function take(start: i32, j: i32, batch: i32): usize {
  if (batch !== 1) sorted = lanes + ((<usize>j) << 2);
  return <usize>load<i32>(list + ((<usize>(start + j)) << 2)) >> 2;
}

/**
 * Flag the jumps of the listed pixels in place and note those that spread.
 * @param countFrom, countTo - columns whose jumps are counted
 * @param spread - whether jumps of more than `least` and less than `most` sigma are noted
 * @returns the number of jumps
 */
export function detect(
  mode: i32,
  gain: usize,
  readnoise: usize,
  nframes: f64,
  threshold: f64,
  three: f64,
  two: f64,
  spread: bool,
  least: f64,
  most: f64,
  countFrom: i32,
  countTo: i32,
): i32 {
  const batch = npairs > 0 ? 8 : 1;
  const levels = spread || mode === SINGLE;
  const none = f32x4.splat(NaN);
  let jumps = 0;
  nspots = 0;
  for (let start = 0; start < listed; start += batch) {
    const size = min(batch, listed - start);
    let found = 0;
    let flagged = 0;
    let maybe = 0;
    let counted = 0;
    for (let j = 0; j < size; j++) {
      const entry = load<i32>(list + ((<usize>(start + j)) << 2));
      maybe |= (entry & 1) << j;
      flagged |= ((entry >> 1) & 1) << j;
      const k = entry >> 2;
      counted |= (<i32>(k >= countFrom && k < countTo)) << j;
    }
    for (let i: usize = 0; i < 64; i += 16) v128.store(limits + i, none);
    if (mode === ITERATIVE && maybe !== 0) {
      sortBatch(start, batch, true);
      for (let j = 0; j < size; j++) {
        if (((maybe >> j) & 1) === 0) continue;
        const k = take(start, j, batch);
        const n = load<i32>(counts + (k << 2));
        if (!iterate(n, noiseOf(k, gain, readnoise, nframes), threshold, three, two)) continue;
        found |= 1 << j;
        store<f32>(limits + ((<usize>j) << 2), below);
        store<f32>(limits + ((<usize>j) << 2), above, 32);
      }
    }
    if (mode === ITERATIVE && (found | flagged) === 0) continue;
    if (levels) sortBatch(start, batch, false);
    else if (batch !== 1) gatherLanes(start, false);
    const alone = batch === 1 || mode !== ITERATIVE ? -1 : flagged;
    for (let j = 0; j < size; j++) {
      const k = take(start, j, batch);
      let jump = ((found >> j) & 1) !== 0;
      if (levels) {
        middle = median(0, load<i32>(counts + (k << 2)));
        sigma = sqrt(abs(middle) + noiseOf(k, gain, readnoise, nframes));
        if (mode === SINGLE && ((maybe >> j) & 1) !== 0 && sigma > 0.0) jump = anyJump(k, threshold);
        if (sigma === 0.0) sigma = NaN;
        store<f64>(limits + ((<usize>j) << 3), middle, 64);
        store<f64>(limits + ((<usize>j) << 3), sigma, 128);
      }
      if (((alone >> j) & 1) === 0 || (!jump && ((flagged >> j) & 1) === 0)) continue;
      below = load<f32>(limits + ((<usize>j) << 2));
      above = load<f32>(limits + ((<usize>j) << 2), 32);
      const count = finish(k, mode, jump, threshold, spread, least, most);
      if ((counted >> j) & 1) jumps += count;
    }
    const together = found & ~alone;
    if (together !== 0) jumps += finishLanes(start, together, counted, spread, least, most);
  }
  return jumps;
}

/** What {@link finish} does, for pixels of a batch that had no flagged jumps: only the new ones are looked at. */
function finishLanes(start: i32, together: i32, counted: i32, spread: bool, least: f64, most: f64): i32 {
  let jumps = 0;
  let d = 0;
  for (let i = 0; i < nints; i++)
    for (let g = 1; g < ngroups; g++, d++) {
      let bits = (<i32>load<u8>(marks + <usize>d) | ((<i32>load<u8>(marks + <usize>(length + d))) << 4)) & together;
      if (bits === 0) continue;
      const s = i * ngroups + g;
      jumps += popcnt(bits & counted);
      store<u8>(touched + <usize>s, 1);
      do {
        const j = ctz(bits);
        bits &= bits - 1;
        const k = <usize>load<i32>(list + ((<usize>(start + j)) << 2)) >> 2;
        const at = <usize>s * row + k;
        store<u8>(dq + at, <u8>(<i32>load<u8>(dq + at) | JUMP_DET));
        if (!spread) continue;
        const x = <f64>load<f32>(diffs + ((<usize>d * row + k) << 2));
        const ratio = abs(x - load<f64>(limits + ((<usize>j) << 3), 64)) / load<f64>(limits + ((<usize>j) << 3), 128);
        if (ratio < most && ratio > least) {
          store<i32>(spots + ((<usize>nspots) << 2), <i32>at);
          nspots++;
        }
      } while (bits !== 0);
    }
  return jumps;
}

/** Variance of a difference due to read noise. */
function noiseOf(k: usize, gain: usize, readnoise: usize, nframes: f64): f64 {
  const r = load<f32>(readnoise + (k << 2)) * load<f32>(gain + (k << 2));
  return <f64>(r * r) / nframes;
}

/** How many spots there are. */
export function spotCount(): i32 {
  return nspots;
}

// Least squares fits of pixels with flags, one at a time: src/ols/pixel.ts without the products of segments and without the recomputation for charge
// loss, operation by operation. Memory is laid out by the caller; offsets are in bytes.

import { findSegments, median, powerIndex } from "./segments";

const DO_NOT_USE: u32 = 1;
const SATURATED: u32 = 2;
const JUMP_DET: u32 = 4;
const PERSISTENCE: u32 = 32;
const INVALID: u32 = DO_NOT_USE | SATURATED;
const NO_GAIN_VALUE: u32 = 1 << 19;
const LARGE_VARIANCE: f64 = 1e6;

// Sizes: integrations, groups of a ramp, first group in use and how many, elements from row to row of a tile.
let nints: i32 = 0;
let ngroups: i32 = 0;
let first: i32 = 0;
let ng: i32 = 0;
let stride: i32 = 0;
let suppress: bool = false;

// Times [s].
let groupTime: f64 = 0;
let frameTime: f64 = 0;
let oneGroupTime: f64 = 0;

// Rows of a tile; `zero` is 0 where there are no zero frames.
let rowsData: usize = 0;
let rowsDq: usize = 0;
let rowGain: usize = 0;
let rowNoise: usize = 0;
let rowDark: usize = 0;
let rowPixeldq: usize = 0;
let rowsZero: usize = 0;
let table: usize = 0;

// Scratch: counts (f64) and flags (u8) of a pixel, values to sort (f64), segments (i32), facts about each integration (i32 each).
let data: usize = 0;
let sorted: usize = 0;
let facts: usize = 0;
let start: usize = 0;
let end: usize = 0;
let dq: usize = 0;

/** Facts about an integration. */
const UNUSABLE = 0;
const SATURATED_GROUPS = 4;
const LONE_FIRST = 8;
const FROM_ZERO_FRAME = 12;
const FLAGS = 16;
const FACTS: usize = 20;

// The pixel and sums over its segments.
let gain: f64 = 0;
let noise: f64 = 0;
let dark: f64 = 0;
let pixeldq: u32 = 0;
let medianRate: f64 = 0;
let slopeNumerator: f64 = 0;
let poissonSum: f64 = 0;
let readSum: f64 = 0;
let segmentSlope: f64 = 0;
let segmentPoisson: f64 = 0;
let segmentRead: f64 = 0;

export function setSizes(ints: i32, groups: i32, from: i32, used: i32, elements: i32, suppressOneGroup: i32): void {
  nints = ints;
  ngroups = groups;
  first = from;
  ng = used;
  stride = elements;
  suppress = suppressOneGroup !== 0;
}

export function setTimes(group: f64, frame: f64, oneGroup: f64): void {
  groupTime = group;
  frameTime = frame;
  oneGroupTime = oneGroup;
}

/**
 * @param weights - for each length from 3 on, for each of the six exponents, `length` f64
 * @param scratch - 16 * ng * nints + 28 * ng + 20 * nints bytes, a multiple of 8
 */
export function setMemory(
  counts: usize,
  flags: usize,
  gains: usize,
  noises: usize,
  darks: usize,
  pixelFlags: usize,
  zeroFrames: usize,
  weights: usize,
  scratch: usize,
): void {
  rowsData = counts;
  rowsDq = flags;
  rowGain = gains;
  rowNoise = noises;
  rowDark = darks;
  rowPixeldq = pixelFlags;
  rowsZero = zeroFrames;
  table = weights;
  data = scratch;
  sorted = data + 8 * <usize>(ng * nints);
  facts = sorted + 8 * <usize>ng;
  start = facts + FACTS * <usize>nints;
  end = start + 4 * <usize>ng;
  dq = end + 4 * <usize>ng;
}

/**
 * Fit pixels.
 * @param todo - i32 places in the tile, n of them
 * @param results - for each pixel 5 words for the mean, then 5 for each integration: rate, flags, var_P, var_R, error
 */
export function fitPixels(todo: usize, n: i32, results: usize): void {
  for (let j = 0; j < n; j++) {
    loadPixel(load<i32>(todo + ((<usize>j) << 2)), results);
    results += 20 * <usize>(nints + 1);
  }
}

function loadPixel(k: i32, results: usize): void {
  const at = (<usize>k) << 2;
  gain = load<f32>(rowGain + at);
  noise = load<f32>(rowNoise + at);
  dark = load<f32>(rowDark + at);
  pixeldq = load<u32>(rowPixeldq + at);
  for (let i = 0; i < nints; i++) {
    const row = i * ngroups * stride + k;
    let suppressed: u32 = 0;
    if (suppress) {
      let good = 0;
      for (let g = 0; g < ngroups; g++)
        if ((<u32>load<u8>(rowsDq + <usize>(row + g * stride)) & ~PERSISTENCE) === 0) good++;
      if (good === 1) suppressed = DO_NOT_USE;
    }
    const to = <usize>(i * ng);
    for (let g = 0; g < ng; g++) {
      const from = <usize>(row + (first + g) * stride);
      store<f64>(data + ((to + <usize>g) << 3), load<f32>(rowsData + (from << 2)));
      store<u8>(dq + to + <usize>g, <u8>(<u32>load<u8>(rowsDq + from) | suppressed));
    }
    // A jump in the first group that is left says nothing about the groups after it.
    if (first > 0) store<u8>(dq + to, <u8>(<u32>load<u8>(dq + to) & ~JUMP_DET));
  }
  fit(k, results);
}

/** Not NaN. */
function known(x: f64): bool {
  return x <= Infinity;
}

function flagsAt(at: i32): u32 {
  return load<u8>(dq + <usize>at);
}

function count(at: i32): f64 {
  return load<f64>(data + ((<usize>at) << 3));
}

/** Count flags, blank saturated groups, bring in the zero frame. */
function prepare(k: i32): u32 {
  let summary = pixeldq;
  for (let i = 0; i < nints; i++) {
    const base = i * ng;
    const fact = facts + FACTS * <usize>i;
    let any: u32 = 0;
    let good = 0;
    let unusable = 0;
    let saturated = 0;
    for (let g = 0; g < ng; g++) {
      const q = flagsAt(base + g);
      any |= q;
      if (q === 0) good++;
      if (q & INVALID) unusable++;
      if (q & SATURATED) {
        saturated++;
        store<f64>(data + ((<usize>(base + g)) << 3), NaN);
      }
    }
    let loneFirst = 0;
    let fromZero = 0;
    if (!suppress) {
      if (good === 1 && flagsAt(base) === 0) loneFirst = 1;
      else if (good === 0 && rowsZero !== 0) {
        const z = <f64>load<f32>(rowsZero + ((<usize>(i * stride + k)) << 2));
        if (z !== 0) {
          store<f64>(data + ((<usize>base) << 3), z);
          store<u8>(dq + <usize>base, 0);
          unusable--;
          if (saturated === ng) saturated--;
          fromZero = 1;
        }
      }
    }
    const carried = any & (JUMP_DET | PERSISTENCE);
    store<i32>(fact, unusable, UNUSABLE);
    store<i32>(fact, saturated, SATURATED_GROUPS);
    store<i32>(fact, loneFirst, LONE_FIRST);
    store<i32>(fact, fromZero, FROM_ZERO_FRAME);
    store<u32>(fact, pixeldq | carried, FLAGS);
    summary |= carried;
  }
  return summary;
}

/** Mean over the integrations of the median first difference: the rate that sets the photon noise. */
function estimateRate(): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < nints; i++) {
    const base = i * ng;
    const fact = facts + FACTS * <usize>i;
    let rate: f64;
    if (load<i32>(fact, LONE_FIRST)) rate = count(base) / oneGroupTime;
    else if (load<i32>(fact, FROM_ZERO_FRAME)) rate = count(base) / frameTime;
    else {
      let n: i32 = 0;
      for (let g = 1; g < ng; g++) {
        if (flagsAt(base + g) & (JUMP_DET | DO_NOT_USE) || flagsAt(base + g - 1) & DO_NOT_USE) continue;
        const d = count(base + g) / groupTime - count(base + g - 1) / groupTime;
        if (!known(d)) continue;
        store<f64>(sorted + ((<usize>n) << 3), d);
        n++;
      }
      if (n === 0) rate = flagsAt(base) & DO_NOT_USE ? NaN : count(base) / groupTime;
      else rate = median(sorted, n);
    }
    if (known(rate)) sum += rate;
  }
  return sum / <f64>nints;
}

/** Read noise variance of the rate of a segment. */
function readVariance(length: i32, fact: usize): f64 {
  let time = groupTime;
  const l = <f64>length;
  let cubic = l * l * l - l;
  if (length === 1) {
    if (load<i32>(fact, LONE_FIRST)) time = oneGroupTime;
    else if (load<i32>(fact, FROM_ZERO_FRAME)) time = frameTime;
    cubic = 6;
  } else if (length > 2 && !(gain > 0)) return 0;
  const r = noise / time;
  return (12 * r * r) / (cubic * gain * gain);
}

function put(to: usize, slope: f64, flags: u32, vp: f64, vr: f64, err: f64): void {
  store<f32>(to, <f32>slope);
  store<u32>(to, flags, 4);
  store<f32>(to, <f32>vp, 8);
  store<f32>(to, <f32>vr, 12);
  store<f32>(to, <f32>err, 16);
}

function fit(k: i32, results: usize): void {
  if (!(gain > 0)) pixeldq |= DO_NOT_USE | NO_GAIN_VALUE;
  let flags = prepare(k);
  medianRate = estimateRate();
  let sumSlope: f64 = 0;
  let sumPoisson: f64 = 0;
  let sumRead: f64 = 0;
  let unusable = 0;
  let saturated = 0;
  let partlySaturated = false;
  for (let i = 0; i < nints; i++) {
    const to = results + 20 * <usize>(i + 1);
    fitIntegration(i, to);
    sumSlope += slopeNumerator;
    sumPoisson += poissonSum;
    sumRead += readSum;
    const fact = facts + FACTS * <usize>i;
    const q = load<u32>(fact, FLAGS);
    if (q & DO_NOT_USE) unusable++;
    if (q & SATURATED) saturated++;
    let own = q;
    if (load<i32>(fact, SATURATED_GROUPS) > 0) {
      own |= SATURATED;
      partlySaturated = true;
    }
    store<u32>(to, own, 4);
  }
  if (unusable === nints) flags |= DO_NOT_USE;
  if (saturated === nints) flags |= SATURATED;
  let vp = sumPoisson > 0 ? 1 / sumPoisson : sumPoisson;
  if (vp >= LARGE_VARIANCE || vp < 0) vp = 0;
  let vr = sumRead > 0 ? 1 / sumRead : sumRead;
  if (vr >= LARGE_VARIANCE) vr = 0;
  let err = Math.sqrt(vp + vr);
  let slope = sumSlope;
  if (flags & INVALID) {
    slope = NaN;
    vp = 0;
    vr = 0;
    err = 0;
  } else slope *= vr;
  if (partlySaturated) flags |= SATURATED;
  put(results, slope, flags, vp, vr, err);
}

function fitIntegration(i: i32, to: usize): void {
  const base = i * ng;
  const fact = facts + FACTS * <usize>i;
  let slopeSum: f64 = 0;
  let sumPoisson: f64 = 0;
  let sumRead: f64 = 0;
  let totalSum: f64 = 0;
  let slope: f64 = 0;
  let vp: f64 = 0;
  let vr: f64 = 0;
  let err: f64 = 0;
  let flags = load<u32>(fact, FLAGS);
  const firstSaturated = (flagsAt(base) & SATURATED) !== 0;
  const n = firstSaturated ? 0 : findSegments(dq + <usize>base, ng, start, end);
  if (firstSaturated) flags |= INVALID;
  if (load<i32>(fact, UNUSABLE) === ng) {
    flags |= DO_NOT_USE;
    if (load<i32>(fact, SATURATED_GROUPS) === ng) flags |= SATURATED;
  } else if (n > 0) {
    for (let s: usize = 0; s < (<usize>n) << 2; s += 4) {
      const from = load<i32>(start + s);
      fitSegment(base + from, load<i32>(end + s) - from, fact);
      sumRead += 1 / segmentRead;
      if (segmentPoisson > 0) sumPoisson += 1 / segmentPoisson;
      totalSum += 1 / (segmentPoisson + segmentRead);
      slopeSum += segmentSlope / segmentRead;
    }
    if (sumPoisson > 0) vp = 1 / sumPoisson;
    if (vp >= LARGE_VARIANCE) vp = 0;
    vr = 1 / sumRead;
    if (vr >= LARGE_VARIANCE) vr = 0;
    if (flags & INVALID) {
      slope = NaN;
      vp = 0;
      vr = 0;
    } else {
      slope = slopeSum * vr;
      const v = 1 / totalSum;
      err = v > LARGE_VARIANCE ? 0 : Math.sqrt(v);
    }
  }
  if (flags & INVALID) slope = NaN;
  store<u32>(fact, flags, FLAGS);
  slopeNumerator = slopeSum;
  poissonSum = sumPoisson > 0 ? sumPoisson : 0;
  readSum = sumRead;
  put(to, slope, flags, vp, vr, err);
}

function fitSegment(at: i32, length: i32, fact: usize): void {
  const photons = (medianRate > 0 ? medianRate : 0) + dark;
  let time = groupTime;
  let slope: f64;
  if (length === 1) {
    if (load<i32>(fact, LONE_FIRST)) time = oneGroupTime;
    else if (load<i32>(fact, FROM_ZERO_FRAME)) time = frameTime;
    slope = count(at) / time;
  } else if (length === 2) slope = (count(at + 1) - count(at)) / time;
  else {
    const step = count(at + length - 1) - count(at);
    const variance = noise * noise + step * gain;
    let snr: f64 = 0;
    if (!(variance <= 0 || gain === 0)) {
      const s = (step * gain) / Math.sqrt(variance);
      snr = s < 0 ? 0 : s;
    }
    let w = table + ((<usize>(6 * (((length - 1) * length) / 2 - 3) + powerIndex(snr) * length)) << 3);
    let perGroup: f64 = 0;
    for (let g = 0; g < length; g++) {
      const d = count(at + g);
      if (known(d)) perGroup += load<f64>(w) * d;
      w += 8;
    }
    // Infinite or no noise leaves nothing to fit; an infinite count stands on both sides of a difference of sums.
    if (noise === 0 || noise - noise !== 0 || perGroup - perGroup !== 0) perGroup = NaN;
    slope = perGroup / time;
    time *= <f64>(length - 1);
  }
  segmentSlope = slope;
  segmentRead = readVariance(length, fact);
  segmentPoisson = photons / (time * gain);
}

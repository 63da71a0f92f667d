// Parts of the fit of a pixel that need nothing but their arguments. Offsets are in bytes.

const JUMP_DET: u32 = 4;
const PERSISTENCE: u32 = 32;

/**
 * See src/ols/segments.ts.
 * @param dq - flags of one ramp; @param start, end - i32, receive the segments
 */
export function findSegments(dq: usize, ngroups: i32, start: usize, end: usize): i32 {
  let n: usize = 0;
  let open = -1;
  let longest = 0;
  for (let g = 0; g <= ngroups; g++) {
    const at = dq + <usize>g;
    const flagged = g === ngroups || (<u32>load<u8>(at) & ~PERSISTENCE) !== 0;
    if (!flagged) {
      if (open < 0) open = g > 0 && (<u32>load<u8>(at - 1) & ~PERSISTENCE) === JUMP_DET ? g - 1 : g;
      continue;
    }
    if (open < 0) continue;
    if (g - open > longest) longest = g - open;
    store<i32>(start + (n << 2), open);
    store<i32>(end + (n << 2), g);
    n++;
    open = -1;
  }
  if (n < 2) return <i32>n;
  if (longest === 1) return 1;
  let kept: usize = 0;
  for (let s: usize = 0; s < n; s++) {
    const from = load<i32>(start + (s << 2));
    const to = load<i32>(end + (s << 2));
    if (to - from === 1) continue;
    store<i32>(start + (kept << 2), from);
    store<i32>(end + (kept << 2), to);
    kept++;
  }
  return <i32>kept;
}

/** Median of the first n f64 values, which are put in order; n is at least 1. */
export function median(values: usize, n: i32): f64 {
  for (let i = 1; i < n; i++) {
    let p = values + ((<usize>i) << 3);
    const v = load<f64>(p);
    while (p > values && load<f64>(p - 8) > v) {
      store<f64>(p, load<f64>(p - 8));
      p -= 8;
    }
    store<f64>(p, v);
  }
  const mid = values + ((<usize>(n >> 1)) << 3);
  return n & 1 ? load<f64>(mid) : (load<f64>(mid) + load<f64>(mid - 8)) / 2;
}

/** Exponent of the weights for a signal-to-noise ratio; NaN counts as bright. See src/ols/weights.ts. */
export function powerIndex(snr: f64): i32 {
  if (snr < 5) return 0;
  if (snr < 10) return 1;
  if (snr < 20) return 2;
  if (snr < 50) return 3;
  if (snr < 100) return 4;
  return 5;
}

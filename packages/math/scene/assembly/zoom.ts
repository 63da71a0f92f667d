// One row of an enlarged mesh; src/zoom.ts does the same without WASM. Memory is laid out by the caller; offsets are in bytes.

/**
 * @param runs - runs of pixels between the same coefficients: first pixel, end, and the four coefficients' places in `row`, each i32
 * @param nruns - how many runs
 * @param weights - four rows of f64 weights, one behind the other
 * @param row - f64 coefficients
 * @param least, most - limits of the result
 * @param out - f32 row of n pixels
 */
export function zoomRow(
  runs: usize,
  nruns: i32,
  weights: usize,
  row: usize,
  least: f64,
  most: f64,
  out: usize,
  n: i32,
): void {
  const pitch = (<usize>n) << 3;
  const w1 = weights + pitch;
  const w2 = w1 + pitch;
  const w3 = w2 + pitch;
  const low = f64x2.splat(least);
  const high = f64x2.splat(most);
  const last = runs + <usize>nruns * 24;
  for (let run = runs; run < last; run += 24) {
    const end = <usize>load<i32>(run, 4);
    const c0 = load<f64>(row + ((<usize>load<i32>(run, 8)) << 3));
    const c1 = load<f64>(row + ((<usize>load<i32>(run, 12)) << 3));
    const c2 = load<f64>(row + ((<usize>load<i32>(run, 16)) << 3));
    const c3 = load<f64>(row + ((<usize>load<i32>(run, 20)) << 3));
    let x = <usize>load<i32>(run);
    for (; x + 1 < end; x += 2) {
      const at = x << 3;
      let v = f64x2.mul(v128.load(weights + at), f64x2.splat(c0));
      v = f64x2.add(v, f64x2.mul(v128.load(w1 + at), f64x2.splat(c1)));
      v = f64x2.add(v, f64x2.mul(v128.load(w2 + at), f64x2.splat(c2)));
      v = f64x2.add(v, f64x2.mul(v128.load(w3 + at), f64x2.splat(c3)));
      v = v128.bitselect(low, f64x2.pmin(v, high), f64x2.lt(v, low));
      v128.store64_lane(out + (x << 2), f32x4.demote_f64x2_zero(v), 0);
    }
    for (; x < end; x++) {
      const at = x << 3;
      const v =
        load<f64>(weights + at) * c0 + load<f64>(w1 + at) * c1 + load<f64>(w2 + at) * c2 + load<f64>(w3 + at) * c3;
      store<f32>(out + (x << 2), <f32>(v < least ? least : most < v ? most : v));
    }
  }
}

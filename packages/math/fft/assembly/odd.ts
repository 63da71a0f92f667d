/** Columns that one pass works on. */
const LANES: i32 = 4;

/**
 * The sums of a transform of odd length m over rows a and m - a, taken together: for k = 1 .. half and four columns at a time,
 * even = sum over a of s[a] cos(2 pi a k / m), odd = sum over a of d[a] sin(2 pi a k / m), complex.
 * @param scratch - [half][columns][s re, s im, d im, -d re]
 * @param cos - [half][half], k first
 * @param sin - like cos
 * @param out - [half][columns][even re, even im, odd re, odd im]
 * @param columns - a multiple of four
 */
export function odd(scratch: usize, cos: usize, sin: usize, out: usize, half: i32, columns: i32): void {
  const step = (<usize>columns) << 5;
  for (let k = 0; k < half; k++) {
    const row = (<usize>(k * half)) << 3;
    for (let c = 0; c < columns; c += LANES) {
      let e0 = f64x2.splat(0);
      let e1 = f64x2.splat(0);
      let e2 = f64x2.splat(0);
      let e3 = f64x2.splat(0);
      let o0 = f64x2.splat(0);
      let o1 = f64x2.splat(0);
      let o2 = f64x2.splat(0);
      let o3 = f64x2.splat(0);
      let p = scratch + ((<usize>c) << 5);
      let u = cos + row;
      let v = sin + row;
      for (let a = 0; a < half; a++) {
        const x = v128.load64_splat(u);
        const y = v128.load64_splat(v);
        e0 = f64x2.add(e0, f64x2.mul(x, v128.load(p)));
        o0 = f64x2.add(o0, f64x2.mul(y, v128.load(p, 16)));
        e1 = f64x2.add(e1, f64x2.mul(x, v128.load(p, 32)));
        o1 = f64x2.add(o1, f64x2.mul(y, v128.load(p, 48)));
        e2 = f64x2.add(e2, f64x2.mul(x, v128.load(p, 64)));
        o2 = f64x2.add(o2, f64x2.mul(y, v128.load(p, 80)));
        e3 = f64x2.add(e3, f64x2.mul(x, v128.load(p, 96)));
        o3 = f64x2.add(o3, f64x2.mul(y, v128.load(p, 112)));
        p += step;
        u += 8;
        v += 8;
      }
      const q = out + ((<usize>(k * columns + c)) << 5);
      v128.store(q, e0);
      v128.store(q, o0, 16);
      v128.store(q, e1, 32);
      v128.store(q, o1, 48);
      v128.store(q, e2, 64);
      v128.store(q, o2, 80);
      v128.store(q, e3, 96);
      v128.store(q, o3, 112);
    }
  }
}

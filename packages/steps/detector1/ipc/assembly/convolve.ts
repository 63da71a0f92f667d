/**
 * Correlate rows of float32 with a kernel, 16 pixels at a time, in the order of the TypeScript twin: all elements but the middle one,
 * then that.
 * @param temp - padded rows, `stride` elements apart, ky - 1 more than `rows`; 16 + kx elements may be read beyond `width`
 * @param out - `rows` rows of `outStride` elements, a multiple of 16
 * @param kernel - ky * kx elements
 */
export function convolve(
  temp: usize,
  stride: i32,
  out: usize,
  outStride: i32,
  rows: i32,
  kernel: usize,
  ky: i32,
  kx: i32,
): void {
  if (ky === 3 && kx === 3) {
    convolve3x3(temp, stride, out, outStride, rows, kernel);
    return;
  }
  const middle = (ky >> 1) * kx + (kx >> 1);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < outStride; x += 16) {
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let c = f32x4.splat(0);
      let d = f32x4.splat(0);
      for (let j = 0; j < ky; j++)
        for (let i = 0; i < kx; i++) {
          const e = j * kx + i;
          if (e === middle) continue;
          const k = v128.load32_splat(kernel + ((<usize>e) << 2));
          const p = temp + ((<usize>((y + ky - j - 1) * stride + x + kx - i - 1)) << 2);
          a = f32x4.add(a, f32x4.mul(k, v128.load(p)));
          b = f32x4.add(b, f32x4.mul(k, v128.load(p, 16)));
          c = f32x4.add(c, f32x4.mul(k, v128.load(p, 32)));
          d = f32x4.add(d, f32x4.mul(k, v128.load(p, 48)));
        }
      const k = v128.load32_splat(kernel + ((<usize>middle) << 2));
      const p = temp + ((<usize>((y + (ky >> 1)) * stride + x + (kx >> 1))) << 2);
      const o = out + ((<usize>(y * outStride + x)) << 2);
      v128.store(o, f32x4.add(a, f32x4.mul(k, v128.load(p))));
      v128.store(o, f32x4.add(b, f32x4.mul(k, v128.load(p, 16))), 16);
      v128.store(o, f32x4.add(c, f32x4.mul(k, v128.load(p, 32))), 32);
      v128.store(o, f32x4.add(d, f32x4.mul(k, v128.load(p, 48))), 48);
    }
  }
}

/** The kernel of 3 x 3 elements that detectors have, kept in registers. */
function convolve3x3(temp: usize, stride: i32, out: usize, outStride: i32, rows: i32, kernel: usize): void {
  const k0 = v128.load32_splat(kernel);
  const k1 = v128.load32_splat(kernel, 4);
  const k2 = v128.load32_splat(kernel, 8);
  const k3 = v128.load32_splat(kernel, 12);
  const k4 = v128.load32_splat(kernel, 16);
  const k5 = v128.load32_splat(kernel, 20);
  const k6 = v128.load32_splat(kernel, 24);
  const k7 = v128.load32_splat(kernel, 28);
  const k8 = v128.load32_splat(kernel, 32);
  const row: usize = (<usize>stride) << 2;
  for (let y = 0; y < rows; y++) {
    let p = temp + <usize>y * row;
    let o = out + ((<usize>(y * outStride)) << 2);
    const end = o + ((<usize>outStride) << 2);
    for (; o < end; o += 32, p += 32) {
      const q = p + row;
      const r = q + row;
      let a = f32x4.mul(k0, v128.load(r, 8));
      let b = f32x4.mul(k0, v128.load(r, 24));
      a = f32x4.add(a, f32x4.mul(k1, v128.load(r, 4)));
      b = f32x4.add(b, f32x4.mul(k1, v128.load(r, 20)));
      a = f32x4.add(a, f32x4.mul(k2, v128.load(r)));
      b = f32x4.add(b, f32x4.mul(k2, v128.load(r, 16)));
      a = f32x4.add(a, f32x4.mul(k3, v128.load(q, 8)));
      b = f32x4.add(b, f32x4.mul(k3, v128.load(q, 24)));
      a = f32x4.add(a, f32x4.mul(k5, v128.load(q)));
      b = f32x4.add(b, f32x4.mul(k5, v128.load(q, 16)));
      a = f32x4.add(a, f32x4.mul(k6, v128.load(p, 8)));
      b = f32x4.add(b, f32x4.mul(k6, v128.load(p, 24)));
      a = f32x4.add(a, f32x4.mul(k7, v128.load(p, 4)));
      b = f32x4.add(b, f32x4.mul(k7, v128.load(p, 20)));
      a = f32x4.add(a, f32x4.mul(k8, v128.load(p)));
      b = f32x4.add(b, f32x4.mul(k8, v128.load(p, 16)));
      v128.store(o, f32x4.add(a, f32x4.mul(k4, v128.load(q, 4))));
      v128.store(o, f32x4.add(b, f32x4.mul(k4, v128.load(q, 20))), 16);
    }
  }
}

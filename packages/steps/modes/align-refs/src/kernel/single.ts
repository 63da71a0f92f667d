const f = Math.fround;

/** Lengths of the passes: 4 as often as it goes, then 2, then odd factors. */
function factorsOf(n: number): number[] {
  const out: number[] = [];
  let rest = n;
  for (const p of [4, 2])
    while (rest % p === 0) {
      out.push(p);
      rest /= p;
    }
  for (let p = 3; rest > 1; p += 2)
    while (rest % p === 0) {
      out.push(p);
      rest /= p;
    }
  return out;
}

/** e^(+2πi k / n) in float32. */
function roots(n: number): Float32Array {
  const out = new Float32Array(2 * n);
  for (let k = 0; k < n; k++) {
    out[2 * k] = Math.cos((2 * Math.PI * k) / n);
    out[2 * k + 1] = Math.sin((2 * Math.PI * k) / n);
  }
  return out;
}

/** One pass of length r: [groups][r][ido] to [r][groups][ido], with the sign of the exponent. */
function pass(
  from: Float32Array,
  to: Float32Array,
  r: number,
  groups: number,
  ido: number,
  w: Float32Array,
  sign: number,
): void {
  const n = w.length / 2;
  const across = n / r;
  const sumRe = new Float32Array(r);
  const sumIm = new Float32Array(r);
  for (let g = 0; g < groups; g++)
    for (let i = 0; i < ido; i++) {
      const at = (m: number): number => 2 * (i + ido * (m + r * g));
      if (r === 2) {
        const [a, b] = [at(0), at(1)];
        sumRe[0] = from[a] + from[b];
        sumIm[0] = from[a + 1] + from[b + 1];
        sumRe[1] = from[a] - from[b];
        sumIm[1] = from[a + 1] - from[b + 1];
      } else if (r === 4) {
        const [a, b, c, d] = [at(0), at(1), at(2), at(3)];
        const [er, ei, or, oi] = [
          f(from[a] + from[c]),
          f(from[a + 1] + from[c + 1]),
          f(from[b] + from[d]),
          f(from[b + 1] + from[d + 1]),
        ];
        const [fr, fi] = [f(from[a] - from[c]), f(from[a + 1] - from[c + 1])];
        // Times i, with the sign.
        const [hr, hi] = [-sign * f(from[b + 1] - from[d + 1]), sign * f(from[b] - from[d])];
        sumRe[0] = er + or;
        sumIm[0] = ei + oi;
        sumRe[1] = fr + hr;
        sumIm[1] = fi + hi;
        sumRe[2] = er - or;
        sumIm[2] = ei - oi;
        sumRe[3] = fr - hr;
        sumIm[3] = fi - hi;
      } else
        for (let j = 0; j < r; j++) {
          let re = from[at(0)];
          let im = from[at(0) + 1];
          for (let m = 1; m < r; m++) {
            const k = 2 * (((j * m) % r) * across);
            const [c, s] = [w[k], sign * w[k + 1]];
            const p = at(m);
            re = f(re + f(f(from[p] * c) - f(from[p + 1] * s)));
            im = f(im + f(f(from[p] * s) + f(from[p + 1] * c)));
          }
          sumRe[j] = re;
          sumIm[j] = im;
        }
      for (let j = 0; j < r; j++) {
        const out = 2 * (i + ido * (g + groups * j));
        const k = 2 * ((j * i * groups) % n);
        const [c, s] = [w[k], sign * w[k + 1]];
        if (i === 0 || j === 0) {
          to[out] = sumRe[j];
          to[out + 1] = sumIm[j];
        } else {
          to[out] = f(sumRe[j] * c) - f(sumIm[j] * s);
          to[out + 1] = f(sumRe[j] * s) + f(sumIm[j] * c);
        }
      }
    }
}

/** Transforms of one length, every operation rounded to float32; `a` is changed, the result is in the array that is returned. */
function line(n: number): (a: Float32Array, b: Float32Array, sign: number) => Float32Array {
  const factors = factorsOf(n);
  const w = roots(n);
  return (a, b, sign) => {
    let [from, to] = [a, b];
    let groups = 1;
    for (const r of factors) {
      // A group of the next pass is one output of this one.
      pass(from, to, r, groups, n / (groups * r), w, sign);
      groups *= r;
      [from, to] = [to, from];
    }
    return from;
  };
}

/** Shifts images of one size with all arithmetic of the transforms in float32, as numpy transforms float32 images. */
export interface SingleShifter {
  transform(image: Float32Array): Float32Array;
  shift(transformed: Float32Array, dx: number, dy: number, out: Float32Array): void;
}

/** A {@link SingleShifter} for images of ny x nx pixels; it owns scratch memory. */
export function singleShifter(ny: number, nx: number): SingleShifter {
  const rows = line(nx);
  const columns = line(ny);
  const [r0, r1] = [new Float32Array(2 * nx), new Float32Array(2 * nx)];
  const [c0, c1] = [new Float32Array(2 * ny), new Float32Array(2 * ny)];
  const run = (data: Float32Array, sign: number): void => {
    const [fx, fy] = sign > 0 ? [f(1 / nx), f(1 / ny)] : [1, 1];
    for (let y = 0; y < ny; y++) {
      r0.set(data.subarray(2 * y * nx, 2 * (y + 1) * nx));
      const done = rows(r0, r1, sign);
      for (let i = 0; i < 2 * nx; i++) data[2 * y * nx + i] = done[i] * fx;
    }
    for (let x = 0; x < nx; x++) {
      for (let y = 0; y < ny; y++) {
        c0[2 * y] = data[2 * (y * nx + x)];
        c0[2 * y + 1] = data[2 * (y * nx + x) + 1];
      }
      const done = columns(c0, c1, sign);
      for (let y = 0; y < ny; y++) {
        data[2 * (y * nx + x)] = done[2 * y] * fy;
        data[2 * (y * nx + x) + 1] = done[2 * y + 1] * fy;
      }
    }
  };
  const work = new Float32Array(2 * ny * nx);
  const slope = (k: number, n: number, s: number): number => (-2 * Math.PI * s * (k < (n + 1) >> 1 ? k : k - n)) / n;
  return {
    transform: (image) => {
      const out = new Float32Array(2 * ny * nx);
      for (let i = 0; i < image.length; i++) out[2 * i] = image[i];
      run(out, -1);
      return out;
    },
    shift: (transformed, dx, dy, out) => {
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++) {
          const phase = slope(x, nx, dx) + slope(y, ny, dy);
          const [c, s] = [Math.cos(phase), Math.sin(phase)];
          const at = 2 * (y * nx + x);
          work[at] = transformed[at] * c - transformed[at + 1] * s;
          work[at + 1] = transformed[at] * s + transformed[at + 1] * c;
        }
      run(work, 1);
      for (let i = 0; i < out.length; i++) out[i] = work[2 * i];
    },
  };
}

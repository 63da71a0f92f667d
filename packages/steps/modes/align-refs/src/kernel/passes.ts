/** π 2^96: a quarter of π over n has to be the nearest double. */
const PI_96 = 0x3243f6a8885a308d313198a2en;

/** e^(2πi k / n), computed in the first eighth of the circle. */
function nearestRoot(k: number, n: number): [number, number] {
  const unit = Number(PI_96 / BigInt(4 * n)) / 2 ** 96;
  const [cos, sin] = [(v: number) => Math.cos(v * unit), (v: number) => Math.sin(v * unit)];
  const eighth = 8 * k;
  if (eighth > 4 * n) {
    const [c, s] = nearestRoot(n - k, n);
    return [c, -s];
  }
  if (eighth < n) return [cos(eighth), sin(eighth)];
  if (eighth < 2 * n) return [sin(2 * n - eighth), cos(2 * n - eighth)];
  if (eighth < 3 * n) return [-sin(eighth - 2 * n), cos(eighth - 2 * n)];
  return [-cos(4 * n - eighth), sin(4 * n - eighth)];
}

/** cos and sin of 2πk / r for k = 1 .. (r - 1) / 2, correctly rounded. */
const SHORT: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  3: [[-0.5, 0.8660254037844386]],
  5: [
    [0.30901699437494745, 0.9510565162951535],
    [-0.8090169943749475, 0.5877852522924731],
  ],
  7: [
    [0.6234898018587335, 0.7818314824680298],
    [-0.2225209339563144, 0.9749279121818236],
    [-0.9009688679024191, 0.4338837391175581],
  ],
  11: [
    [0.8412535328311812, 0.5406408174555976],
    [0.41541501300188644, 0.9096319953545183],
    [-0.14231483827328514, 0.9898214418809327],
    [-0.6548607339452851, 0.7557495743542583],
    [-0.9594929736144974, 0.28173255684142967],
  ],
};

function shortRoot(k: number, r: number): [number, number] {
  if (k === 0) return [1, 0];
  const [c, s] = SHORT[r][Math.min(k, r - k) - 1];
  return [c, 2 * k > r ? -s : s];
}

/** The roots of unity e^(2πi k / n) as products of coarse and fine steps, whose rounding is part of the transform. */
function rootsOfUnity(n: number): (k: number) => [number, number] {
  let bits = 1;
  while (4 ** bits < Math.floor((n + 2) / 2)) bits++;
  const step = 2 ** bits;
  const product = (k: number): [number, number] => {
    const [ar, ai] = nearestRoot(k % step, n);
    const [br, bi] = k < step ? [1, 0] : nearestRoot(k - (k % step), n);
    return [ar * br - ai * bi, ar * bi + ai * br];
  };
  return (k) => {
    if (2 * k <= n) return product(k);
    const [c, s] = product(n - k);
    return [c, -s];
  };
}

/** One pass of a transform: [l1][r][ido] of `from` becomes [r][l1][ido] of `to`, twiddled. */
interface Pass {
  readonly r: number;
  readonly l1: number;
  readonly ido: number;
  /** [r - 1][ido - 1] complex factors of the outputs 1 .. r - 1; those of i = 0 are 1 and left out. */
  readonly twiddles: Float64Array;
  /** e^(2πi k / r), complex. */
  readonly roots: Float64Array;
  /** Room for the sums and differences of an odd pass, complex, 2 r. */
  readonly terms: Float64Array;
}

/** Lengths of the passes: 8 as often as it goes, then 4, a 2 to the front, then odd factors. */
function factorsOf(n: number): number[] {
  const out: number[] = [];
  let rest = n;
  for (const p of [8, 4])
    while (rest % p === 0) {
      out.push(p);
      rest /= p;
    }
  if (rest % 2 === 0) {
    out.push(2);
    rest /= 2;
    [out[0], out[out.length - 1]] = [out[out.length - 1], out[0]];
  }
  for (let p = 3; rest > 1; p += 2)
    while (rest % p === 0) {
      out.push(p);
      rest /= p;
    }
  return out;
}

type PassBody = (from: Float64Array, to: Float64Array, p: Pass) => void;

/** The passes by their lengths, every operation rounded to float32 if `single`; 0 holds the one of any odd length. */
function passesWith(single: boolean): Readonly<Record<number, PassBody>> {
  // One kind of array and one kind of call for both precisions: with two, the passes would be several times slower.
  const f = (value: number): number => (single ? Math.fround(value) : value);
  const halfRoot = f(Math.SQRT1_2);

  /** Write (re, im) as output j at i, k, times its twiddle. */
  function put(to: Float64Array, p: Pass, j: number, i: number, k: number, re: number, im: number): void {
    const out = 2 * (i + p.ido * (k + p.l1 * j));
    if (i === 0 || j === 0) {
      to[out] = re;
      to[out + 1] = im;
      return;
    }
    const w = 2 * ((j - 1) * (p.ido - 1) + i - 1);
    const c = p.twiddles[w];
    const s = p.twiddles[w + 1];
    to[out] = f(f(re * c) - f(im * s));
    to[out + 1] = f(f(re * s) + f(im * c));
  }

  function pass2(from: Float64Array, to: Float64Array, p: Pass): void {
    for (let k = 0; k < p.l1; k++)
      for (let i = 0; i < p.ido; i++) {
        const a = 2 * (i + p.ido * 2 * k);
        const b = a + 2 * p.ido;
        put(to, p, 0, i, k, f(from[a] + from[b]), f(from[a + 1] + from[b + 1]));
        put(to, p, 1, i, k, f(from[a] - from[b]), f(from[a + 1] - from[b + 1]));
      }
  }

  function pass4(from: Float64Array, to: Float64Array, p: Pass): void {
    const { ido } = p;
    for (let k = 0; k < p.l1; k++)
      for (let i = 0; i < ido; i++) {
        const a = 2 * (i + ido * 4 * k);
        const b = a + 2 * ido;
        const c = a + 4 * ido;
        const d = a + 6 * ido;
        const er = f(from[a] + from[c]);
        const ei = f(from[a + 1] + from[c + 1]);
        const dr = f(from[a] - from[c]);
        const di = f(from[a + 1] - from[c + 1]);
        const or = f(from[b] + from[d]);
        const oi = f(from[b + 1] + from[d + 1]);
        // Times i.
        const qr = -f(from[b + 1] - from[d + 1]);
        const qi = f(from[b] - from[d]);
        put(to, p, 0, i, k, f(er + or), f(ei + oi));
        put(to, p, 1, i, k, f(dr + qr), f(di + qi));
        put(to, p, 2, i, k, f(er - or), f(ei - oi));
        put(to, p, 3, i, k, f(dr - qr), f(di - qi));
      }
  }

  function pass8(from: Float64Array, to: Float64Array, p: Pass): void {
    const step = 2 * p.ido;
    for (let k = 0; k < p.l1; k++)
      for (let i = 0; i < p.ido; i++) {
        const at = 2 * (i + p.ido * 8 * k);
        // Sums and differences of inputs four apart; b6 and b7 times i.
        const b0r = f(from[at] + from[at + 4 * step]);
        const b0i = f(from[at + 1] + from[at + 4 * step + 1]);
        const b4r = f(from[at] - from[at + 4 * step]);
        const b4i = f(from[at + 1] - from[at + 4 * step + 1]);
        const b1r = f(from[at + step] + from[at + 5 * step]);
        const b1i = f(from[at + step + 1] + from[at + 5 * step + 1]);
        const b5r = f(from[at + step] - from[at + 5 * step]);
        const b5i = f(from[at + step + 1] - from[at + 5 * step + 1]);
        const b2r = f(from[at + 2 * step] + from[at + 6 * step]);
        const b2i = f(from[at + 2 * step + 1] + from[at + 6 * step + 1]);
        const b6r = -f(from[at + 2 * step + 1] - from[at + 6 * step + 1]);
        const b6i = f(from[at + 2 * step] - from[at + 6 * step]);
        const b3r = f(from[at + 3 * step] + from[at + 7 * step]);
        const b3i = f(from[at + 3 * step + 1] + from[at + 7 * step + 1]);
        const b7r = -f(from[at + 3 * step + 1] - from[at + 7 * step + 1]);
        const b7i = f(from[at + 3 * step] - from[at + 7 * step]);
        const a1r = f(b1r + b3r);
        const a1i = f(b1i + b3i);
        const a3r = -f(b1i - b3i);
        const a3i = f(b1r - b3r);
        // Times e^(iπ/4) and e^(3iπ/4).
        const s5r = f(b5r + b7r);
        const s5i = f(b5i + b7i);
        const s7r = f(b5r - b7r);
        const s7i = f(b5i - b7i);
        const a5r = f(halfRoot * f(s5r - s5i));
        const a5i = f(halfRoot * f(s5i + s5r));
        const a7r = f(halfRoot * f(-s7r - s7i));
        const a7i = f(halfRoot * f(s7r - s7i));
        const a0r = f(b0r + b2r);
        const a0i = f(b0i + b2i);
        const a2r = f(b0r - b2r);
        const a2i = f(b0i - b2i);
        const a4r = f(b4r + b6r);
        const a4i = f(b4i + b6i);
        const a6r = f(b4r - b6r);
        const a6i = f(b4i - b6i);
        put(to, p, 0, i, k, f(a0r + a1r), f(a0i + a1i));
        put(to, p, 4, i, k, f(a0r - a1r), f(a0i - a1i));
        put(to, p, 2, i, k, f(a2r + a3r), f(a2i + a3i));
        put(to, p, 6, i, k, f(a2r - a3r), f(a2i - a3i));
        put(to, p, 1, i, k, f(a4r + a5r), f(a4i + a5i));
        put(to, p, 5, i, k, f(a4r - a5r), f(a4i - a5i));
        put(to, p, 3, i, k, f(a6r + a7r), f(a6i + a7i));
        put(to, p, 7, i, k, f(a6r - a7r), f(a6i - a7i));
      }
  }

  /**
   * A pass of odd length: inputs m and r - m enter as their sum and their difference. Above 11 the terms are added in pairs, which rounds
   * otherwise.
   */
  function passOdd(from: Float64Array, to: Float64Array, p: Pass): void {
    const { r, ido, roots, terms } = p;
    const half = (r - 1) / 2;
    for (let k = 0; k < p.l1; k++)
      for (let i = 0; i < ido; i++) {
        const first = 2 * (i + ido * r * k);
        let re = from[first];
        let im = from[first + 1];
        for (let m = 1; m <= half; m++) {
          const a = first + 2 * ido * m;
          const b = first + 2 * ido * (r - m);
          terms[2 * m] = f(from[a] + from[b]);
          terms[2 * m + 1] = f(from[a + 1] + from[b + 1]);
          terms[2 * (r - m)] = f(from[a] - from[b]);
          terms[2 * (r - m) + 1] = f(from[a + 1] - from[b + 1]);
          re = f(re + terms[2 * m]);
          im = f(im + terms[2 * m + 1]);
        }
        put(to, p, 0, i, k, re, im);
        for (let u = 1; u <= half; u++) {
          let cr = from[first];
          let ci = from[first + 1];
          // What enters times i.
          let sr = 0;
          let si = 0;
          for (let m = 1; m <= half; m++) {
            const q = 2 * ((u * m) % r);
            const d = 2 * (r - m);
            let tr = f(terms[2 * m] * roots[q]);
            let ti = f(terms[2 * m + 1] * roots[q]);
            let dr = f(terms[d] * roots[q + 1]);
            let di = f(terms[d + 1] * roots[q + 1]);
            if (r > 11 && m > 2 && m < half) {
              m++;
              const o = 2 * ((u * m) % r);
              tr = f(tr + f(terms[2 * m] * roots[o]));
              ti = f(ti + f(terms[2 * m + 1] * roots[o]));
              dr = f(dr + f(terms[d - 2] * roots[o + 1]));
              di = f(di + f(terms[d - 1] * roots[o + 1]));
            }
            cr = f(cr + tr);
            ci = f(ci + ti);
            sr = f(sr + dr);
            si = f(si + di);
          }
          put(to, p, u, i, k, f(cr - si), f(ci + sr));
          put(to, p, r - u, i, k, f(cr + si), f(ci - sr));
        }
      }
  }

  return { 0: passOdd, 2: pass2, 4: pass4, 8: pass8 };
}

const inSingle = passesWith(true);
const inDouble = passesWith(false);

/**
 * Complex Fourier transforms of n values with the passes and the order of operations of pocketfft (Reinecke), so that they round as
 * numpy's. The exponent is positive, the result is multiplied by `scale`; conjugates before and after
 * make the other transform of it. Lengths that pocketfft leaves to Bluestein's method (prime factors above about 130) are transformed directly.
 * @param single - round every operation to float32
 * @returns a function that transforms 2 n real and imaginary parts in place; it owns scratch memory
 */
export function lineTransform(n: number, single: boolean, scale = 1): (data: Float64Array) => void {
  const other = new Float64Array(2 * n);
  const bodies = single ? inSingle : inDouble;
  const f = (value: number): number => (single ? Math.fround(value) : value);
  const root = rootsOfUnity(n);
  const passes: Pass[] = [];
  let l1 = 1;
  for (const r of factorsOf(n)) {
    const ido = n / (l1 * r);
    const twiddles = new Float64Array(2 * (r - 1) * (ido - 1));
    for (let j = 1; j < r; j++)
      for (let i = 1; i < ido; i++) twiddles.set(root(j * l1 * i).map(f), 2 * ((j - 1) * (ido - 1) + i - 1));
    const roots = new Float64Array(2 * r);
    for (let j = 0; j < r; j++) roots.set((SHORT[r] ? shortRoot(j, r) : root(j * (n / r))).map(f), 2 * j);
    passes.push({ r, l1, ido, twiddles, roots, terms: new Float64Array(2 * r) });
    l1 *= r;
  }
  return (data) => {
    let [from, to]: Float64Array[] = [data, other];
    for (const p of passes) {
      (bodies[p.r] ?? bodies[0])(from, to, p);
      [from, to] = [to, from];
    }
    for (let i = 0; i < 2 * n; i++) data[i] = f(from[i] * scale);
  };
}

import { describe, expect, test } from "vitest";
import { fft, fftfreq, fftPlan, fftshift, ifft, irfft, realFftPlan, rfft } from "../src/index.js";
import { split } from "../src/split.js";

/** The definition, slowly. */
function slow(x: Float64Array): Float64Array {
  const n = x.length / 2;
  const out = new Float64Array(2 * n);
  for (let k = 0; k < n; k++)
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      out[2 * k] += x[2 * j] * Math.cos(angle) - x[2 * j + 1] * Math.sin(angle);
      out[2 * k + 1] += x[2 * j] * Math.sin(angle) + x[2 * j + 1] * Math.cos(angle);
    }
  return out;
}

function noise(n: number): Float64Array {
  let seed = 12345;
  return Float64Array.from({ length: n }, () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x40000000 - 1;
  });
}

function worst(a: Float64Array, b: Float64Array): number {
  let d = 0;
  for (let i = 0; i < a.length; i++) d = Math.max(d, Math.abs(a[i] - b[i]));
  return d;
}

describe.each([
  1, 2, 3, 4, 5, 7, 8, 11, 12, 20, 31, 64, 65, 89, 100, 320, 321, 356, 712, 1000, 1031,
])("%i points", (n) => {
  const x = noise(2 * n);

  test("fft is the definition and ifft its inverse", () => {
    const X = fft(x);
    expect(worst(X, slow(x))).toBeLessThan(1e-11 * n);
    expect(worst(ifft(X), x)).toBeLessThan(1e-12);
  });

  test("rfft is the first half of fft, irfft its inverse", () => {
    const real = x.slice(0, n);
    const complex = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) complex[2 * i] = real[i];
    const half = rfft(real);
    expect(half.length).toBe(2 * (Math.floor(n / 2) + 1));
    expect(worst(half, fft(complex))).toBeLessThan(1e-11 * n);
    expect(worst(irfft(half, n), real)).toBeLessThan(1e-12);
  });
});

// numpy.fft.rfft([1, 2, 4, 7, 11]) and numpy.fft.irfft([1+5j, 2-1j, 3+2j]) (the imaginary part of bin 0 does not count)
test("numbers of numpy", () => {
  const r = rfft([1, 2, 4, 7, 11]);
  const wanted = [25, 0, -3.8819660113, 10.3228644, -6.1180339887, 2.43689772];
  for (let i = 0; i < 6; i++) expect(r[i]).toBeCloseTo(wanted[i], 7);
  const c = irfft(Float64Array.of(1, 5, 2, -1, 3, 2));
  for (const [i, v] of [2, 0, 0, -1].entries()) expect(c[i]).toBeCloseTo(v, 12);
});

test("one plan serves many transforms", () => {
  const plan = fftPlan(356);
  const out = new Float64Array(712);
  for (const scale of [1, 3]) {
    const x = noise(712).map((v) => v * scale);
    plan.forward(out, x);
    expect(worst(out, slow(x))).toBeLessThan(1e-9);
  }
  expect(realFftPlan(10).bins).toBe(6);
});

test("frequencies and shift", () => {
  expect(Array.from(fftfreq(5, 0.1))).toEqual([0, 2, 4, -4, -2]);
  expect(Array.from(fftfreq(4))).toEqual([0, 0.25, -0.5, -0.25]);
  expect(Array.from(fftshift(Float64Array.of(0, 1, 2, 3, 4)))).toEqual([3, 4, 0, 1, 2]);
  expect(Array.from(fftshift(Float64Array.of(0, 1, 2, 3)))).toEqual([2, 3, 0, 1]);
});

test("refuses lengths that are none", () => {
  expect(() => fftPlan(0)).toThrow(RangeError);
  expect(() => realFftPlan(2.5)).toThrow(/positive integer/);
});

test.each([
  [89, 32],
  [3, 4],
  [127, 16],
])("WASM and TypeScript sums agree bit by bit: %i x %i", (m, p) => {
  const x = noise(2 * m * p);
  const a = new Float64Array(2 * m * p);
  const b = new Float64Array(2 * m * p);
  split(m, p)(a, x);
  split(m, p, true)(b, x);
  expect(a).toEqual(b);
});

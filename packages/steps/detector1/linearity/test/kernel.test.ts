import { group, pixel } from "@calwebb/dqflags";
import { describe, expect, test, vi } from "vitest";
import { correctPixels, type LinearityArgs, simdPolynomial } from "../src/kernel.js";

/** A ramp of `values` in every pixel, with coefficients per pixel. */
function args(values: number[], coefficients: number[][], more: Partial<LinearityArgs> = {}): LinearityArgs {
  const npix = coefficients.length;
  const ncoeffs = coefficients[0].length;
  const coeffs = new Float32Array(ncoeffs * npix);
  coefficients.forEach((c, p) => {
    c.forEach((v, k) => {
      coeffs[k * npix + p] = v;
    });
  });
  const data = new Float32Array(values.length * npix);
  for (let g = 0; g < values.length; g++) data.fill(values[g], g * npix, (g + 1) * npix);
  return {
    data,
    groupdq: new Uint8Array(data.length),
    pixeldq: new Uint32Array(npix),
    zeroframe: null,
    coeffs,
    inverse: null,
    refdq: new Uint32Array(npix),
    nints: 1,
    ngroups: values.length,
    npix,
    ncoeffs,
    ninverse: 0,
    nframes: 1,
    start: 0,
    end: npix,
    ...more,
  };
}

describe("polynomial", () => {
  // 2 + 3*2 + 0.5*4 = 10; 2 + 3*4 + 0.5*16 = 22
  test.each([
    [[2, 3, 0.5]],
    [[2, 3, 0.5, 0]],
    [[2, 3, 0.5, 0, 0]],
    [[2, 3, 0.5, 0, 0, 0]],
    [[2, 3, 0.5, 0, 0, 0, 0]],
  ])("%j", (c) => {
    const a = args([2, 4], [c]);
    correctPixels(a);
    expect([...a.data]).toEqual([10, 22]);
    expect(a.pixeldq[0]).toBe(0);
  });

  test.each([3, 4, 5, 6, 7])("%i coefficients round like float32 in every operation", (n) => {
    const c = [0.1, 1.01, 1e-5, -3e-10, 7e-16, 1e-21, -1e-26].slice(0, n).map(Math.fround);
    const x = Math.fround(34567.8);
    let y = Math.fround(c[n - 1] * x);
    for (let k = n - 2; k > 0; k--) y = Math.fround(Math.fround(y + c[k]) * x);
    const a = args([x], [c]);
    correctPixels(a);
    expect(a.data[0]).toBe(Math.fround(y + c[0]));
  });

  test("more pixels than one run", () => {
    const npix = 19_000;
    const a = args(
      [3],
      Array.from({ length: npix }, (_, p) => [p, 2, 0]),
    );
    correctPixels(a);
    expect(a.data.every((v, p) => v === p + 6)).toBe(true);
  });

  test("only the pixels asked for", () => {
    const a = args(
      [1],
      [
        [0, 2],
        [0, 2],
        [0, 2],
      ],
      { start: 1, end: 2 },
    );
    correctPixels(a);
    expect([...a.data]).toEqual([1, 2, 1]);
  });

  test("one coefficient is refused", () => {
    expect(() => correctPixels(args([1], [[1]]))).toThrow(/2 or more coefficients/);
  });
});

describe("SIMD", () => {
  test.each([2, 3, 4, 5, 6, 9])("gives the numbers of the plain kernel, %i coefficients", (n) => {
    const npix = 9_003;
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const make = () => {
      state = 7;
      const a = args(
        [0, 0, 0],
        Array.from({ length: npix }, () =>
          Array.from({ length: n }, (_, k) => (k === 1 ? 1 : random() * 10 ** (-5 * k))),
        ),
        { start: 5, zeroframe: new Float32Array(npix) },
      );
      for (let p = 0; p < npix; p++) {
        if (random() < 0.1) a.coeffs[Math.floor(random() * n) * npix + p] = random() < 0.3 ? Number.NaN : 0;
        a.refdq[p] = random() < 0.1 ? pixel.NO_LIN_CORR : random() < 0.1 ? pixel.NONLINEAR | pixel.DO_NOT_USE : 0;
        a.pixeldq[p] = random() < 0.1 ? pixel.REFERENCE_PIXEL : 0;
        (a.zeroframe as Float32Array)[p] = random() < 0.1 ? 0 : random() * 60000;
      }
      for (let i = 0; i < a.data.length; i++) {
        a.data[i] = random() < 0.01 ? Number.NaN : (random() - 0.1) * 60000;
        a.groupdq[i] = random() < 0.2 ? group.SATURATED | group.DO_NOT_USE : random() < 0.5 ? group.JUMP_DET : 0;
      }
      return a;
    };
    const plain = { ...make(), simd: false };
    const fast = make();
    correctPixels(plain);
    correctPixels(fast);
    const same = (x: Float32Array, y: Float32Array) => {
      const bits = new Uint32Array(y.buffer);
      return new Uint32Array(x.buffer).every((v, i) => v === bits[i]);
    };
    expect(same(fast.data, plain.data)).toBe(true);
    expect(same(fast.zeroframe as Float32Array, plain.zeroframe as Float32Array)).toBe(true);
    expect(fast.pixeldq).toEqual(plain.pixeldq);
    expect(same(plain.data, make().data)).toBe(false);
  });

  test("is there, or the plain kernel takes over", () => {
    expect(simdPolynomial(16, 3)).toBeDefined();
    vi.stubGlobal("WebAssembly", undefined);
    try {
      expect(simdPolynomial(16, 3)).toBeUndefined();
      const a = args(
        [3],
        Array.from({ length: 1100 }, () => [1, 2, 0]),
      );
      correctPixels(a);
      expect(new Set(a.data)).toEqual(new Set([7]));
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("pixels and groups that are not corrected", () => {
  test("a saturated group keeps its value", () => {
    const a = args([2, 4], [[2, 3, 0.5]]);
    a.groupdq[1] = group.SATURATED | group.JUMP_DET;
    correctPixels(a);
    expect([...a.data]).toEqual([10, 4]);
  });

  test("NaN, zero linear term and NO_LIN_CORR", () => {
    const good = [0, 2, 0];
    const a = args([5], [good, [Number.NaN, 2, 0], [0, 2, Number.NaN], [1, 0, 3], [9, 9, 9], [Infinity, 1, -Infinity]]);
    a.refdq.set([pixel.NONLINEAR, 0, 0, 0, pixel.NO_LIN_CORR, 0]);
    a.pixeldq[1] = pixel.HOT;
    correctPixels(a);
    expect([...a.data.subarray(0, 5)]).toEqual([10, 5, 5, 5, 5]);
    // An infinite coefficient is not "not determined": the value follows it.
    expect(a.data[5]).toBeNaN();
    expect([...a.pixeldq]).toEqual([
      pixel.NONLINEAR,
      pixel.HOT | pixel.NO_LIN_CORR,
      pixel.NO_LIN_CORR,
      pixel.NO_LIN_CORR,
      pixel.NO_LIN_CORR,
      0,
    ]);
  });

  test("NO_LIN_CORR in the science DQ alone does not stop the correction", () => {
    const a = args([5], [[0, 2, 0]]);
    a.pixeldq[0] = pixel.NO_LIN_CORR;
    correctPixels(a);
    expect(a.data[0]).toBe(10);
  });

  test("zeros of the zero frame stay zero", () => {
    const a = args(
      [5],
      [
        [1, 2, 0],
        [1, 2, 0],
      ],
      { zeroframe: new Float32Array([0, 4]) },
    );
    correctPixels(a);
    expect([...a.zeroframe!]).toEqual([0, 9]);
  });
});

describe("averaged groups", () => {
  test("a linear detector changes nothing", () => {
    const inverse = new Float32Array([0, 1, 0]);
    const a = args([10, 20, 30, 40], [[0, 1, 0]], { inverse, ninverse: 3, nframes: 4 });
    correctPixels(a);
    for (const [g, v] of [10, 20, 30, 40].entries()) expect(a.data[g]).toBeCloseTo(v, 4);
  });

  test("two frames by hand", () => {
    // Correction x + 0.001 x^2, inverse taken as x - 0.001 x^2; groups are means of 2 frames.
    const fix = (x: number) => x + 0.001 * x * x;
    const back = (x: number) => x - 0.001 * x * x;
    const a = args([10, 20, 30], [[0, 1, 0.001]], {
      inverse: new Float32Array([0, 1, -0.001]),
      ninverse: 3,
      nframes: 2,
    });
    // No saturation: the last safe group is the second; it lies 2 reads after the first.
    const rate = (fix(20) - fix(10)) / 2;
    const expected = [10, 20, 30].map((v, g) => {
      const seen = [back(fix(10) + rate * (2 * g - 0.5)), back(fix(10) + rate * (2 * g + 0.5))];
      const shift = v - (seen[0] + seen[1]) / 2;
      return (fix(seen[0] + shift) + fix(seen[1] + shift)) / 2;
    });
    correctPixels(a);
    for (let g = 0; g < 3; g++) expect(a.data[g]).toBeCloseTo(expected[g], 4);
  });

  test("saturated groups keep their value and are not used for the slope", () => {
    const inverse = new Float32Array([0, 1, 0]);
    const a = args([10, 20, 60000, 60000], [[0, 1, 0]], { inverse, ninverse: 3, nframes: 4 });
    a.groupdq.set([0, 0, group.SATURATED, group.SATURATED]);
    correctPixels(a);
    expect([...a.data]).toEqual([10, 20, 60000, 60000]);
  });
});

import { encodeAsdfSync, parseAsdfSync } from "@calwebb/asdf";
import { IncompatibleCorrections, rotMat3D, Shift, TPCorr, transformFromAsdf } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";

const close = (got: readonly Float64Array[], want: readonly (readonly number[])[], digits = 9) => {
  expect(got.length).toBe(want.length);
  for (const [k, column] of want.entries())
    for (const [i, v] of column.entries()) expect(got[k][i], `${k}, ${i}`).toBeCloseTo(v, digits);
};

describe("rotMat3D", () => {
  test("turns about each axis", () => {
    const quarter = Math.PI / 2;
    const near = (m: readonly number[]) => m.map((v) => Math.round(v) + 0);
    expect(near(rotMat3D(quarter, 0))).toEqual([1, 0, 0, 0, 0, 1, 0, -1, 0]);
    expect(near(rotMat3D(quarter, 1))).toEqual([0, 0, 1, 0, 1, 0, -1, 0, 0]);
    expect(near(rotMat3D(quarter, 2))).toEqual([0, 1, 0, -1, 0, 0, 0, 0, 1]);
  });
});

describe("TPCorr", () => {
  const v2 = Float64Array.of(86.1, -453.5, 120, 0, 900);
  const v3 = Float64Array.of(-493.2, -374, -480, 0, 250);
  const t = new TPCorr({
    v2ref: 120.67137 / 3600,
    v3ref: -527.387665 / 3600,
    roll: 12.5,
    matrix: [1.0002, 3e-4, -2.5e-4, 0.9997],
    shift: [0.35, -0.21],
  });
  // Worked out with matrices in NumPy.
  const corrected = [
    [85.72088000159476, -453.9206207493459, 119.63183152784521, -0.19449787287241777, 900.0557437712949],
    [-493.074732279894, -373.82728644161716, -479.88321648395737, 0.006700241847040187, 249.80817980657983],
  ];
  const plane = [
    [-26.69525068911934, -527.7363102603679, 9.266950137797668, -3.8519818697103623, 929.1354676481609],
    [41.06422173085706, 274.283616601679, 46.603400923320194, 541.0543853160858, 590.0870024434232],
  ];

  test("does nothing as made", () => {
    close(new TPCorr().evaluate([v2, v3]), [[...v2], [...v3]], 10);
  });

  test("a shift at the reference point", () => {
    // Near the point of contact the plane and the angles are the same: p - shift, then the matrix.
    const [[x], [y]] = new TPCorr({ matrix: [0, -2, 2, 0], shift: [0.5, 1] }).evaluate([
      Float64Array.of(1),
      Float64Array.of(3),
    ]);
    expect(x).toBeCloseTo(-4, 8);
    expect(y).toBeCloseTo(1, 8);
  });

  test("corrects, projects and goes back", () => {
    close(t.evaluate([v2, v3]), corrected);
    close(t.v2v3ToTanp(v2, v3), plane);
    close(t.tanpToV2v3(...t.v2v3ToTanp(v2, v3)), [[...v2], [...v3]]);
    close(t.inverse.evaluate(t.evaluate([v2, v3])), [[...v2], [...v3]]);
  });

  test("is written and read", () => {
    const named = t.named("first");
    const read = transformFromAsdf(parseAsdfSync(encodeAsdfSync({ it: named.toAsdf() })).tree.it);
    expect(read).toBeInstanceOf(TPCorr);
    expect(read.name).toBe("first");
    expect(read.evaluate([v2, v3])).toEqual(t.evaluate([v2, v3]));
  });

  test("combines corrections of one plane", () => {
    const next = new TPCorr({ ...t, matrix: [0.999, -0.01, 0.02, 1.001], shift: [-3, 2] });
    const one = TPCorr.combine(next, t.named("first"));
    close(
      one.evaluate([v2, v3]),
      next.evaluate(t.evaluate([v2, v3])).map((c) => [...c]),
    );
    expect(one.name).toBe("first");
    expect(TPCorr.combine(next.named("second"), t.named("first")).name).toBe("second");
  });

  test("refuses to combine others", () => {
    expect(() => TPCorr.combine(t, new Shift(1))).toThrow(IncompatibleCorrections);
    expect(() => TPCorr.combine(new Shift(1), t)).toThrow(/shift is no tangent plane correction/);
    expect(() => TPCorr.combine(t, new TPCorr({ ...t, roll: 12.6 }))).toThrow(
      /different tangent planes: roll 12.5 and 12.6/,
    );
    expect(TPCorr.combine(t, new TPCorr({ ...t, roll: 12.5 + 5e-9 })).roll).toBe(12.5);
  });

  test("a singular matrix has no way back", () => {
    const flat = new TPCorr({ matrix: [1, 2, 2, 4] });
    expect(flat.hasInverse).toBe(false);
    expect(() => flat.tanpToV2v3(v2, v3)).toThrow(/singular/);
    expect(() => TPCorr.combine(t, new TPCorr({ ...t, matrix: [1, 2, 2, 4] }))).toThrow(/singular/);
  });

  test("wants a matrix and a shift of the right size", () => {
    expect(() => new TPCorr({ matrix: [1, 0] as never })).toThrow(/2 x 2 matrix/);
    expect(() => new TPCorr({ shift: [1] as never })).toThrow(/two numbers/);
  });
});

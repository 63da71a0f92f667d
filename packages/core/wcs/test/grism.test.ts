import { readFileSync } from "node:fs";
import { encodeAsdfSync, parseAsdfSync, Tagged } from "@calwebb/asdf";
import {
  Const,
  GrismDispersion,
  OpaqueTransform,
  Polynomial1D,
  Polynomial2D,
  pipe,
  type Transform,
  transformFromAsdf,
} from "@calwebb/wcs";
import { describe, expect, test } from "vitest";

type Column = (number | null)[];
interface Truth {
  input: Column[];
  output: Column[];
  inverse_input?: Column[];
  inverse?: Column[];
}

const file = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);
const truth = JSON.parse(readFileSync(file("grism.json"), "utf8")) as Record<string, Truth>;
const tree = parseAsdfSync(readFileSync(file("grism.asdf"))).tree as { transforms: Record<string, unknown> };
const numbers = (columns: Column[]) => columns.map((c) => Float64Array.from(c, (v) => v ?? Number.NaN));

/** Largest relative difference; numbers below 1 count with their own size. */
function distance(got: readonly Float64Array[], want: Column[]): number {
  expect(got.length).toBe(want.length);
  let worst = 0;
  for (const [k, column] of want.entries())
    for (const [i, v] of column.entries()) {
      if (v === null) expect(got[k][i], `point ${i}`).toBeNaN();
      else worst = Math.max(worst, Math.abs(got[k][i] - v) / Math.max(1, Math.abs(v)));
    }
  return worst;
}

const again = (transform: Transform): Transform =>
  transformFromAsdf(parseAsdfSync(encodeAsdfSync({ it: transform.toAsdf() })).tree.it);

describe("transforms written by stdatamodels", () => {
  test.each(Object.keys(truth))("%s", (name) => {
    const { input, output, inverse_input, inverse } = truth[name];
    const read = transformFromAsdf(tree.transforms[name]);
    for (const transform of [read, again(read)]) {
      expect(transform).not.toBeInstanceOf(OpaqueTransform);
      expect(transform.tag).toBe(read.tag);
      expect(transform.name).toBe(read.name);
      expect(distance(transform.evaluate(numbers(input)), output)).toBeLessThan(1e-11);
      expect(transform.userInverse === undefined).toBe(inverse === undefined);
      if (inverse_input && inverse)
        expect(distance(transform.inverse.evaluate(numbers(inverse_input)), inverse)).toBeLessThan(1e-11);
    }
  });
});

const poly = (...c: number[]) => new Polynomial1D(Float64Array.from(c));
/** A coefficient of degree 1 in the position: c + cx x + cy y. */
const plane = (c: number, cx = 0, cy = 0) => new Polynomial2D(Float64Array.of(c, cy, cx, 0));

describe("dispersion by hand", () => {
  const models = {
    orders: [1, -1],
    lmodels: [poly(2, 2), poly(1, 1)],
    xmodels: [
      [plane(-100, 1), plane(200)],
      [plane(0), plane(10)],
    ],
    ymodels: [[plane(1)], [plane(2)]],
  };

  test("NIRISS forward: t of the displacement, also beyond the trace", () => {
    const t = new GrismDispersion("NIRISSForwardRowGrismDispersion", models);
    // At x0 = 10 the trace runs from -90 to 110.
    expect(t.point(20, 0, 10, 5, 1)).toEqual([10, 5, expect.closeTo(2 + 2 * (100 / 200), 12), 1]);
    expect(t.point(220, 0, 10, 5, 1)[2]).toBeCloseTo(2 + 2 * 1.5, 12);
    expect(t.point(15, 0, 10, 5, -1)[2]).toBeCloseTo(1.5, 12);
  });

  test("NIRCam forward keeps the ends", () => {
    const t = new GrismDispersion("NIRCAMForwardRowGrismDispersion", models);
    expect(t.point(20, 0, 10, 5, 1)[2]).toBeCloseTo(3, 12);
    expect(t.point(2220, 0, 10, 5, 1)[2]).toBe(4);
    expect(t.point(-2220, 0, 10, 5, 1)[2]).toBe(2);
  });

  test("a given inverse takes the place of sampling", () => {
    const forward = new GrismDispersion("NIRCAMForwardColumnGrismDispersion", {
      ...models,
      invDisplacement: [poly(0, 0.5), poly(0, 2)],
    });
    expect(forward.point(0, 7, 10, 5, 1)[2]).toBe(2 + 2 * 1);
    const backward = new GrismDispersion("NIRCAMBackwardGrismDispersion", {
      ...models,
      xmodels: [poly(0, 3), poly(0)],
      ymodels: [poly(1), poly(0)],
      invLmodels: [poly(-1, 0.5), [plane(0, 1), plane(0, 0, 1)]],
    });
    expect(backward.point(10, 5, 4, 1)).toEqual([13, 6, 10, 5, 1]);
    expect(backward.point(10, 5, 4, -1)).toEqual([10, 5, 10, 5, -1]);
  });

  test("the number of samples", () => {
    const curved = { ...models, orders: [1], lmodels: [poly(0, 1)], xmodels: [[plane(0), plane(0), plane(100)]] };
    const t = (sampling?: number) =>
      new GrismDispersion("NIRCAMForwardRowGrismDispersion", { ...curved, sampling }).point(25, 0, 0, 0, 1)[2];
    expect(t(3)).toBeCloseTo(0.5, 14);
    expect(t(2)).toBeCloseTo(0.25, 14);
    expect(t()).toBeCloseTo(0.5, 3);
    expect(t()).not.toBe(0.5);
  });

  test("more points than a block, orders and sources mixed", () => {
    const t = new GrismDispersion("NIRISSForwardRowGrismDispersion", models);
    const n = 5000;
    const x0 = Float64Array.from({ length: n }, (_, i) => (i * 7) % 100);
    const order = Float64Array.from({ length: n }, (_, i) => (i % 5 === 0 ? -1 : 1));
    const zero = new Float64Array(n);
    const [, , wave, orders] = t.evaluate([x0.map((v) => v + 5), zero, x0, zero, order]);
    for (let i = 0; i < n; i += 333)
      expect(wave[i]).toBeCloseTo(order[i] === 1 ? 2 + (5 + 100 - x0[i]) / 100 : 1.5, 10);
    expect(orders).toEqual(order);
  });

  test("in a chain", () => {
    const t = new GrismDispersion("MIRIWFSSBackwardDispersion", { ...models, lmodels: [poly(-1, 0.5), poly(0)] });
    const chain = pipe(new Const(3), poly(0, 1));
    expect(t.and(chain).point(10, 5, 3, 1, 99)).toEqual([10 - 90 + 100, 6, 10, 5, 1, 3]);
  });
});

describe("conditions with an array", () => {
  const node = (compareto: unknown, value: unknown) =>
    new Tagged("tag:stsci.edu:jwst_pipeline/logical-1.2.0", {
      condition: "LT",
      compareto,
      value,
      inputs: ["x"],
      outputs: ["x"],
    });
  const [limits, values] = [
    [1, Number.NaN, 3],
    [10, 20, 30],
  ];

  test("by hand", () => {
    const t = transformFromAsdf(node(limits, values));
    expect(t.evaluate([Float64Array.of(0, 0, 3)])[0]).toEqual(Float64Array.of(10, 0, 3));
    expect(t.evaluate([Float64Array.of(Number.NaN, 5, 2)])[0]).toEqual(Float64Array.of(Number.NaN, 5, 30));
    expect(() => t.point(1)).toThrow(/a condition on 3 numbers is given 1/);
  });

  test("more numbers than a block, also in a chain", () => {
    const n = 5000;
    const t = transformFromAsdf(
      node(
        Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1)),
        Array.from({ length: n }, (_, i) => i),
      ),
    );
    const want = Float64Array.from({ length: n }, (_, i) => (i % 2 ? i : 0));
    expect(t.evaluate([new Float64Array(n)])[0]).toEqual(want);
    expect(pipe(poly(0, 1), t).evaluate([new Float64Array(n)])[0]).toEqual(want);
    expect(() => pipe(poly(0, 1), t).evaluate([new Float64Array(n + 1)])).toThrow(/given 5001/);
  });

  test("arrays of different shapes are kept as they are", () => {
    expect(transformFromAsdf(node(limits, [1, 2]))).toBeInstanceOf(OpaqueTransform);
    expect(transformFromAsdf(node(limits, 1))).toBeInstanceOf(OpaqueTransform);
  });
});

describe("nodes of other forms", () => {
  const node = (change: object) =>
    new Tagged("tag:stsci.edu:jwst_pipeline/niriss_grism_dispersion-0.7.0", {
      orders: [1],
      lmodels: [poly(0, 1).toAsdf()],
      xmodels: [[plane(2).toAsdf()]],
      ymodels: [[plane(3).toAsdf()]],
      theta: 0,
      model_type: "NIRISSBackwardGrismDispersion",
      ...change,
    });

  test("the name of the class in old files", () => {
    const t = transformFromAsdf(node({ model_type: undefined, class_name: "NIRISSBackwardGrismDispersion" }));
    expect(t.point(10, 20, 1, 1)).toEqual([12, 23, 10, 20, 1]);
    expect(t.toAsdf().value).toMatchObject({ model_type: "NIRISSBackwardGrismDispersion", theta: 0, orders: [1] });
  });

  test.each([
    { model_type: "toString" },
    { theta: null },
    { lmodels: null },
    { orders: undefined },
  ])("%j is kept as it is", (change) => {
    const raw = node(change);
    const t = transformFromAsdf(raw);
    expect(t).toBeInstanceOf(OpaqueTransform);
    expect(t.toAsdf()).toBe(raw);
  });
});

describe("what is refused", () => {
  const models = {
    orders: [1, 2],
    lmodels: [poly(2, 2), poly(1, 1)],
    xmodels: [[plane(1)], [plane(1)]],
    ymodels: [[plane(1)], [plane(1)]],
  };
  const niriss = new GrismDispersion("NIRISSBackwardGrismDispersion", models);

  test("an order that is not there", () => {
    expect(() => niriss.point(1, 1, 2, 3)).toThrow(/has no spectral order 3, only 1, 2/);
    expect(() => niriss.point(1, 1, 2, Number.NaN)).toThrow(/spectral order NaN/);
  });

  test("a negative wavelength", () => {
    expect(() => niriss.point(1, 1, -2, 1)).toThrow(/order 1: a negative wavelength/);
  });

  test("models of a form that has no meaning", () => {
    const row = (change: object) => new GrismDispersion("NIRCAMForwardRowGrismDispersion", { ...models, ...change });
    expect(() => row({ xmodels: [[], []] }).point(1, 1, 1, 1, 1)).toThrow(/without coefficients/);
    expect(() => row({ xmodels: [poly(1), poly(1)] }).point(1, 1, 1, 1, 1)).toThrow(/no polynomial of degree 1/);
    expect(() => row({ lmodels: [plane(1), plane(1)] }).point(1, 1, 1, 1, 1)).toThrow(/takes 2 coordinates, not 1/);
    expect(() => row({ lmodels: [poly(1)] }).point(1, 1, 1, 1, 2)).toThrow(/order 2: no model among 1 lmodels/);
    const standing = new GrismDispersion("NIRISSForwardRowGrismDispersion", models);
    expect(() => standing.point(1, 1, 1, 1, 1)).toThrow(/stands still/);
    const listed = new GrismDispersion("NIRISSBackwardGrismDispersion", { ...models, lmodels: [[poly(1)], [poly(1)]] });
    expect(() => listed.point(1, 1, 1, 1)).toThrow(/not a list of 1/);
  });

  test("options of another kind", () => {
    const make = (kind: "NIRCAMBackwardGrismDispersion" | "NIRISSBackwardGrismDispersion", change: object) => () =>
      new GrismDispersion(kind, { ...models, ...change });
    expect(make("NIRCAMBackwardGrismDispersion", { theta: 1 })).toThrow(/takes no theta/);
    expect(make("NIRCAMBackwardGrismDispersion", { invDisplacement: [] })).toThrow(/takes no invDisplacement/);
    expect(make("NIRCAMBackwardGrismDispersion", { sampling: 1 })).toThrow(/two samples/);
    expect(make("NIRISSBackwardGrismDispersion", { sampling: 10 })).toThrow(/takes no sampling/);
    expect(make("NIRISSBackwardGrismDispersion", { invLmodels: [] })).toThrow(/takes no invLmodels/);
  });
});

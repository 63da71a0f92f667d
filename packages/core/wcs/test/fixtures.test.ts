import { readFileSync } from "node:fs";
import { encodeAsdfSync, parseAsdfSync } from "@calwebb/asdf";
import { OpaqueTransform, type Transform, transformFromAsdf, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";

type Column = (number | null)[];
interface Truth {
  input: Column[];
  output: Column[];
  inverse?: Column[];
}

const file = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);
const truth = JSON.parse(readFileSync(file("transforms.json"), "utf8")) as Record<string, Truth>;
const tree = parseAsdfSync(readFileSync(file("transforms.asdf"))).tree as {
  transforms: Record<string, unknown>;
  wcs: unknown;
};
const numbers = (columns: Column[]) => columns.map((c) => Float64Array.from(c, (v) => v ?? Number.NaN));

/** Largest difference, relative to the largest number of the column. */
function distance(got: readonly Float64Array[], want: Column[]): number {
  expect(got.length).toBe(want.length);
  let worst = 0;
  want.forEach((column, k) => {
    const size = Math.max(1, ...column.map((v) => Math.abs(v ?? 0)));
    column.forEach((v, i) => {
      if (v === null) expect(got[k][i], `point ${i}`).not.toSatisfy(Number.isFinite);
      else worst = Math.max(worst, Math.abs(got[k][i] - v) / size);
    });
  });
  return worst;
}

const names = Object.keys(truth).filter((n) => !n.startsWith("__"));

/** What was read, and the same after it was written and read again. */
function both(node: unknown): Transform[] {
  const transform = transformFromAsdf(node);
  const again = parseAsdfSync(encodeAsdfSync({ it: transform.toAsdf() })).tree.it;
  return [transform, transformFromAsdf(again)];
}

describe("transforms written by astropy, gwcs and jwst", () => {
  test.each(names)("%s", (name) => {
    for (const transform of both(tree.transforms[name])) {
      expect(transform).not.toBeInstanceOf(OpaqueTransform);
      const { input, output, inverse } = truth[name];
      const got = transform.evaluate(numbers(input));
      expect(distance(got, output)).toBeLessThan(1e-12);
      if (!inverse) continue;
      const back = transform.inverse.evaluate(numbers(output));
      expect(distance(back, inverse)).toBeLessThan(1e-10);
    }
  });

  test("a bounding box and a stored inverse are kept", () => {
    for (const t of both(tree.transforms.stored_inverse)) {
      expect(t.name).toBe("stored");
      expect(t.boundingBox?.intervals).toEqual([
        [-0.5, 199.5],
        [-0.5, 99.5],
      ]);
      expect(t.userInverse).toBeDefined();
      expect(
        t
          .evaluate([Float64Array.of(5, 150, 5), Float64Array.of(5, 5, 150)], { boundingBox: true })[0]
          .map(Number.isNaN as never),
      ).toEqual(Float64Array.of(0, 0, 1));
    }
  });
});

describe("a WCS written by gwcs", () => {
  const want = truth.__wcs as Truth & {
    unbound: Column[];
    frames: string[];
    footprint: number[][];
    axes_types: string[];
    axes_names: string[];
  };
  const original = Wcs.fromAsdf(tree.wcs);
  const again = Wcs.fromAsdf(parseAsdfSync(encodeAsdfSync({ it: original.toAsdf() })).tree.it);

  test.each([
    ["as read", original],
    ["written and read", again],
  ])("gives the same numbers %s", (_, wcs) => {
    const input = numbers(want.input);
    expect(distance(wcs.forward(...input), want.output)).toBeLessThan(1e-13);
    expect(distance(wcs.evaluate(input, { withBoundingBox: false }), want.unbound)).toBeLessThan(1e-13);
    expect(wcs.frames).toEqual(want.frames);
    expect(wcs.outputFrame.axesTypes).toEqual(want.axes_types);
    expect(wcs.outputFrame.axesNames).toEqual(want.axes_names);
    const corners = new Map(wcs.footprint().map((c) => [c.map((v) => v.toFixed(9)).join(), 1]));
    for (const corner of want.footprint) expect(corners.has(corner.map((v) => v.toFixed(9)).join())).toBe(true);
  });
});

import { writeEcsv } from "@calwebb/ecsv";
import { compareArrays, compareEcsv, toleranceOf } from "@calwebb/testing";
import { expect, test } from "vitest";

const limits = { rtol: 1e-5, atol: 0, frac: 0 };

test("floats agree within the limits, with NaN at the same places", () => {
  const a = Float32Array.of(1, 2, Number.NaN, Number.POSITIVE_INFINITY);
  expect(compareArrays(a, Float32Array.of(1.000001, 2, Number.NaN, Number.POSITIVE_INFINITY), limits)).toEqual([]);
  expect(compareArrays(a, Float32Array.of(1.01, 2, Number.NaN, Number.POSITIVE_INFINITY), limits)[0]).toMatch(
    /1 of 4 beyond.*worst at 0/,
  );
  expect(compareArrays(a, Float32Array.of(1, Number.NaN, Number.NaN, Number.POSITIVE_INFINITY), limits)[0]).toMatch(
    /NaN at different/,
  );
  expect(compareArrays(a, Float32Array.of(1, 2, Number.NaN, 5), limits)[0]).toMatch(/beyond/);
  expect(
    compareArrays(a, Float32Array.of(1.01, 2, Number.NaN, Number.POSITIVE_INFINITY), { ...limits, frac: 0.5 }),
  ).toEqual([]);
});

test("integers agree bit for bit; types and lengths must be equal", () => {
  expect(compareArrays(Uint32Array.of(1, 2), Uint32Array.of(1, 3), limits)[0]).toMatch(/first at 1: 3 instead of 2/);
  expect(compareArrays(Uint32Array.of(1), Int32Array.of(1), limits)[0]).toMatch(/Int32Array instead of Uint32Array/);
  expect(compareArrays(Uint8Array.of(1), Uint8Array.of(1, 2), limits)[0]).toMatch(/2 values instead of 1/);
});

test("later limits win, globs and product globs match", () => {
  const t = { "*": { rtol: 1e-4 }, "*_ramp.fits:SCI": { atol: 5 }, "header:X": { rtol: 1 } };
  expect(toleranceOf(t, "SCI", "a_ramp.fits")).toEqual({ rtol: 1e-4, atol: 5, frac: 0 });
  expect(toleranceOf(t, "SCI", "a_rate.fits").atol).toBeNull();
});

test("catalogs agree column by column, row by row", () => {
  const catalog = (x: number[], unit = "Jy", name = "flux"): string =>
    writeEcsv({ columns: [{ name, type: "float64", unit, values: Float64Array.from(x) }] });
  const want = catalog([1, 2]);
  expect(compareEcsv(want, catalog([1.000001, 2]), "a_cat.ecsv")).toEqual([]);
  expect(compareEcsv(want, catalog([1.01, 2]), "a_cat.ecsv")[0]).toMatch(/^flux: 1 of 2 beyond/);
  expect(compareEcsv(want, catalog([1.01, 2]), "a_cat.ecsv", { flux: { rtol: 0.1 } })).toEqual([]);
  expect(compareEcsv(want, catalog([1, 2], "mag"), "a_cat.ecsv")[0]).toMatch(/unit mag instead of Jy/);
  expect(compareEcsv(want, catalog([1]), "a_cat.ecsv")[0]).toMatch(/1 rows instead of 2/);
  expect(compareEcsv(want, catalog([1, 2], "Jy", "f"), "a_cat.ecsv")[0]).toMatch(/columns f instead of flux/);
});

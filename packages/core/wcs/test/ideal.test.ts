import { encodeAsdfSync, parseAsdfSync } from "@calwebb/asdf";
import { idealToV2V3, transformFromAsdf, v2v3ToIdeal } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";

const [x, y] = [Float64Array.of(0, 12.5, -60.25), Float64Array.of(0, -33, 41.5)];
// What the JWST transforms give for an aperture at (86.103, -493.227) arcsec turned by -0.6 degrees.
const want = {
  "1": [
    [86.103, 98.947883492905, 25.42172450490369],
    [-493.227, -526.0942932876088, -452.36020046433504],
  ],
  "-1": [
    [86.103, 73.9492542587672, 145.91511741344792],
    [-493.227, -526.3560878905149, -451.0983504783274],
  ],
};

describe.each([1, -1] as const)("the ideal frame with parity %i", (vParity) => {
  const frame = { v3IdlYAngle: -0.6, v2Ref: 86.103, v3Ref: -493.227, vParity };
  const near = (got: readonly Float64Array[], columns: readonly ArrayLike<number>[]) => {
    for (const [k, column] of columns.entries())
      for (let i = 0; i < column.length; i++) expect(got[k][i]).toBeCloseTo(column[i], 11);
  };

  test("to V2, V3 and back", () => {
    const there = idealToV2V3(frame);
    near(there.evaluate([x, y]), want[vParity]);
    near(there.inverse.evaluate(want[vParity].map((c) => Float64Array.from(c))), [x, y]);
    expect([there.inputs, there.outputs]).toEqual([
      ["xidl", "yidl"],
      ["v2", "v3"],
    ]);
    const back = v2v3ToIdeal(frame);
    near(back.evaluate(want[vParity].map((c) => Float64Array.from(c))), [x, y]);
    near(back.inverse.evaluate([x, y]), want[vParity]);
  });

  test("is written as transforms that every reader knows", () => {
    const read = transformFromAsdf(parseAsdfSync(encodeAsdfSync({ it: idealToV2V3(frame).toAsdf() })).tree.it);
    near(read.evaluate([x, y]), want[vParity]);
    near(read.inverse.evaluate(read.evaluate([x, y])), [x, y]);
  });
});

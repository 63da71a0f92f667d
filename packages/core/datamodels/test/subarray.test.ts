import { readFileSync } from "node:fs";
import { NdArray } from "@calwebb/array";
import { describe, expect, it } from "vitest";
import {
  createModel,
  isSubarray,
  matchesSubarray,
  matchReference,
  stripeRanges,
  stripeReference,
  subarrayCutout,
  toDetectorFrame,
  toScienceFrame,
} from "../src/index.js";

const plane = (ny: number, nx: number) =>
  new NdArray(
    Float32Array.from({ length: ny * nx }, (_, i) => i),
    [ny, nx],
  );

const region = (xstart: number, ystart: number, xsize: number, ysize: number) => ({ xstart, ystart, xsize, ysize });

function reference() {
  return createModel("DarkModel", {
    data: new NdArray(
      Float32Array.from({ length: 2 * 6 * 8 }, (_, i) => i),
      [2, 6, 8],
    ),
    dq: new NdArray(
      Uint32Array.from({ length: 48 }, (_, i) => i),
      [6, 8],
    ),
    meta: { subarray: region(1, 1, 8, 6), instrument: { name: "NIRCAM" }, author: "me" },
  });
}

const science = (r: ReturnType<typeof region>) =>
  createModel("RampModel", { shape: [1, 2, r.ysize, r.xsize], meta: { subarray: r, instrument: { name: "NIRCAM" } } });

describe("matching", () => {
  it("compares corner and size", () => {
    expect(matchesSubarray(science(region(1, 1, 8, 6)), reference())).toBe(true);
    expect(matchesSubarray(science(region(2, 1, 4, 3)), reference())).toBe(false);
    expect(isSubarray(science(region(1, 1, 8, 6)))).toBe(true);
  });

  it("takes full-frame reference files without keywords as such, refuses others", () => {
    const full = createModel("MaskModel", { shape: [2048, 2048], meta: { instrument: { name: "NIRCAM" } } });
    const warnings: string[] = [];
    const sci = science(region(1, 1, 8, 6));
    expect(matchesSubarray(sci, full, { warn: (m) => void warnings.push(m) })).toBe(false);
    expect(full.meta.subarray.xsize).toBe(2048);
    expect(warnings[0]).toContain("taken as full frame");
    const small = createModel("MaskModel", { shape: [64, 64], meta: { instrument: { name: "NIRCAM" } } });
    expect(() => matchesSubarray(sci, small)).toThrow("does not say which subarray");
    expect(() => matchesSubarray(createModel("RampModel", { shape: [1, 1, 2, 2] }), reference())).toThrow("SUBSTRT");
  });

  it("believes the array where a size keyword differs", () => {
    const warnings: string[] = [];
    const sci = science(region(1, 1, 8, 6));
    sci.meta.subarray.xsize = 9;
    expect(matchesSubarray(sci, reference(), { warn: (m) => void warnings.push(m) })).toBe(true);
    expect(warnings[0]).toContain("SUBSIZE1 is 9, the array has 8 columns");
  });
});

describe("cutting", () => {
  it("cuts every array and keeps the metadata", () => {
    const cut = subarrayCutout(reference(), science(region(3, 2, 4, 3)));
    expect(cut.modelType).toBe("DarkModel");
    expect(cut.data.shape).toEqual([2, 3, 4]);
    expect([...cut.data.pick(0).flat()]).toEqual([10, 11, 12, 13, 18, 19, 20, 21, 26, 27, 28, 29]);
    expect([...cut.dq.flat()]).toEqual([10, 11, 12, 13, 18, 19, 20, 21, 26, 27, 28, 29]);
    expect(cut.meta.author).toBe("me");
    expect(cut.meta.subarray.xsize).toBe(8);
    const ref = reference();
    expect(matchReference(ref, science(region(1, 1, 8, 6)))).toBe(ref);
  });

  it("refuses an exposure that reaches beyond", () => {
    expect(() => subarrayCutout(reference(), science(region(6, 1, 4, 3)))).toThrow(
      "covers columns 1-8, rows 1-6, the exposure RampModel in memory columns 6-9, rows 1-3",
    );
  });
});

describe("frames", () => {
  it.each([
    [1, 2],
    [1, -2],
    [-1, 2],
    [-1, -2],
    [2, 1],
    [2, -1],
    [-2, 1],
    [-2, -1],
  ])("FASTAXIS %i, SLOWAXIS %i go there and back", (fast, slow) => {
    const a = plane(3, 4);
    const there = toDetectorFrame(a, fast, slow);
    expect(there.shape).toEqual(Math.abs(fast) === 1 ? [3, 4] : [4, 3]);
    expect([...toScienceFrame(there, fast, slow).flat()]).toEqual([...a.flat()]);
  });

  it("puts the first pixel read first", () => {
    // Fast axis 2 downwards, slow axis 1 to the right: the top left pixel comes first.
    expect(toDetectorFrame(plane(3, 4), -2, 1).get(0, 0)).toBe(8);
    expect(toDetectorFrame(plane(3, 4), 1, -2).get(0, 0)).toBe(8);
  });
});

describe("stripes", () => {
  const stripes = (more: object, ysize = 10) =>
    createModel("RampModel", {
      shape: [1, 1, ysize, 3],
      meta: {
        subarray: {
          ...region(1, 1, 3, ysize),
          fastaxis: 1,
          slowaxis: 2,
          multistripe_reads1: 1,
          multistripe_skips1: 4,
          multistripe_reads2: 4,
          multistripe_skips2: 2,
          repeat_stripe: 1,
          interleave_reads1: 0,
          superstripe_step: 0,
          num_superstripe: 0,
          ...more,
        },
      },
    } as never);

  it("lists the rows of substripes", () => {
    const [set] = stripeRanges(stripes({}));
    expect(set.referenceFull).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(set.referenceSubarray).toEqual([
      [0, 1],
      [5, 6],
    ]);
    expect(set.full).toEqual([
      [5, 9],
      [5, 9],
    ]);
    expect(set.subarray).toEqual([
      [1, 5],
      [6, 10],
    ]);
    const [interleaved] = stripeRanges(stripes({ interleave_reads1: 1 }));
    expect(interleaved.full).toEqual([
      [5, 9],
      [11, 15],
    ]);
    const [skipped] = stripeRanges(stripes({ repeat_stripe: 0 }, 9));
    expect(skipped.full).toEqual([
      [5, 9],
      [11, 15],
    ]);
    expect(() => stripeRanges(stripes({}, 8))).toThrow("the stripes have 10 rows, the subarray 8");
  });

  it("lays a reference array out as the exposure is", () => {
    const out = stripeReference(plane(20, 3), stripes({ interleave_reads1: 1 }));
    expect(out.shape).toEqual([10, 3]);
    expect(Array.from({ length: 10 }, (_, r) => Number(out.get(r, 0)) / 3)).toEqual([0, 5, 6, 7, 8, 0, 11, 12, 13, 14]);
  });

  it("gives one plane per superstripe", () => {
    const sci = stripes({ num_superstripe: 2, superstripe_step: 3, multistripe_reads2: 4, repeat_stripe: 0 }, 5);
    const out = stripeReference(plane(20, 3), sci);
    expect(out.shape).toEqual([2, 5, 3]);
    expect(Array.from({ length: 5 }, (_, r) => Number(out.get(1, r, 0)) / 3)).toEqual([0, 8, 9, 10, 11]);
  });
});

interface Stripe {
  case: Record<string, number>;
  shape: [number, number];
  class: string;
  out: number[];
  values: number[];
}

describe("multistripe cutouts of the reference implementation", () => {
  const cases = JSON.parse(readFileSync(new URL("./fixtures/stripes.json", import.meta.url), "utf8")) as Stripe[];

  it.each(cases.map((c) => [String(c.case.name), c] as const))("%s", (_, {
    case: c,
    shape,
    class: name,
    out,
    values,
  }) => {
    const sci = createModel(c.n > 0 ? "SuperstripeRampModel" : "RampModel", { shape: [1, 1, c.ysize, c.xsize] });
    Object.assign(sci.meta.subarray, {
      ...{
        name: c.name,
        fastaxis: c.fastaxis,
        slowaxis: c.slowaxis,
        xstart: c.xstart,
        ystart: c.ystart,
        xsize: c.xsize,
      },
      ...{ ysize: c.ysize, multistripe_reads1: c.r1, multistripe_skips1: c.s1, multistripe_reads2: c.r2 },
      ...{ multistripe_skips2: c.s2, repeat_stripe: c.repeat, interleave_reads1: c.inter, superstripe_step: c.step },
      num_superstripe: c.n,
    });
    const dq = new NdArray(
      Uint32Array.from({ length: shape[0] * shape[1] }, (_v, i) => i),
      shape,
    );
    const ref = createModel("MaskModel", {
      dq,
      meta: { subarray: { xstart: 1, ystart: 1, xsize: shape[1], ysize: shape[0] } },
    });
    const cut = subarrayCutout(ref, sci);
    const got = cut.get("dq") as NdArray;
    expect(cut.modelType).toBe(name);
    expect(got.shape).toEqual(out);
    expect([...got.flat()]).toEqual(values);
  });
});

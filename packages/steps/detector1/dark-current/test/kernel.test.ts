import { describe, expect, test } from "vitest";
import { type DarkArgs, missingGroups, subtractDark } from "../src/kernel.js";

function args(more: Partial<DarkArgs>): DarkArgs {
  const nints = more.nints ?? 1;
  const ngroups = more.ngroups ?? 2;
  const npix = more.npix ?? 1;
  return {
    data: new Float32Array(nints * ngroups * npix).fill(100),
    dark: new Float32Array(0),
    used: null,
    nints,
    ngroups,
    npix,
    darkNints: 1,
    darkNgroups: 2,
    darkOf: new Array(nints).fill(0),
    keep: 0,
    average: 1,
    stride: 1,
    extrapolate: false,
    start: 0,
    end: npix,
    ...more,
  };
}

describe("same readout pattern", () => {
  test("frame by frame; NaN subtracts nothing", () => {
    const a = args({ npix: 2, dark: new Float32Array([1, Number.NaN, 3, 4]) });
    subtractDark(a);
    expect([...a.data]).toEqual([99, 100, 97, 96]);
    expect(a.dark[1]).toBeNaN();
  });

  test("one dark per integration, the last for all later ones", () => {
    const a = args({ nints: 3, dark: new Float32Array([1, 2, 10, 20]), darkNints: 2, darkOf: [0, 1, 1] });
    subtractDark(a);
    expect([...a.data]).toEqual([99, 98, 90, 80, 90, 80]);
  });

  test("differences round to float32", () => {
    const a = args({ dark: new Float32Array([0.1, 1e-3]) });
    a.data.set([40000.123, 7.7]);
    const want = [0, 1].map((i) => Math.fround(a.data[i] - a.dark[i]));
    subtractDark(a);
    expect([...a.data]).toEqual(want);
  });

  test("more pixels than one run, and only those asked for", () => {
    const npix = 5000;
    const dark = new Float32Array(2 * npix).map((_, i) => i % npix);
    const a = args({ npix, dark, start: 10, end: 4990 });
    subtractDark(a);
    expect(a.data[9]).toBe(100);
    expect(a.data[4990]).toBe(100);
    for (let p = 10; p < 4990; p++) expect(a.data[npix + p]).toBe(100 - p);
  });
});

test("flags of the dark are added to the pixels of the piece", () => {
  const flags = { pixeldq: Uint32Array.of(1, 1, 0x80000000), dark: Uint32Array.of(2, 2, 1) };
  subtractDark(args({ npix: 3, dark: new Float32Array(6), flags, start: 1, end: 3 }));
  expect([...flags.pixeldq]).toEqual([1, 3, 0x80000001]);
});

describe("averaged", () => {
  test("groups of 2 frames, 1 dropped", () => {
    const dark = new Float32Array([1, 3, 99, 5, 9]);
    const used = new Float32Array(2);
    const a = args({ dark, darkNgroups: 5, average: 2, stride: 3, used, keep: 1 });
    subtractDark(a);
    expect([...a.data]).toEqual([98, 93]);
    expect([...used]).toEqual([2, 7]);
  });

  test("single frames with a gap are copied", () => {
    const a = args({ dark: new Float32Array([1, 2, 3]), darkNgroups: 3, average: 1, stride: 2 });
    subtractDark(a);
    expect([...a.data]).toEqual([99, 97]);
  });

  test("integrations that are only kept, not subtracted", () => {
    const used = new Float32Array(4);
    const a = args({
      dark: new Float32Array([1, 3, 5, 7, 10, 30, 50, 70]),
      darkNints: 2,
      darkNgroups: 4,
      average: 2,
      stride: 2,
      used,
      keep: 2,
    });
    subtractDark(a);
    expect([...used]).toEqual([2, 6, 20, 60]);
    expect([...a.data]).toEqual([98, 94]);
  });

  test("a dark that ends inside a group gives the mean of what there is; one that ends before fails", () => {
    const a = args({ dark: new Float32Array([1, 3, 5]), darkNgroups: 3, average: 2, stride: 2 });
    subtractDark(a);
    expect([...a.data]).toEqual([98, 95]);
    expect(() => subtractDark(args({ dark: new Float32Array([1, 3]), average: 2, stride: 2 }))).toThrow(
      /dark group 3 of 2/,
    );
  });
});

describe("extrapolation", () => {
  test("continues the last difference", () => {
    const a = args({ ngroups: 4, dark: new Float32Array([1, 4]), extrapolate: true });
    subtractDark(a);
    expect([...a.data]).toEqual([99, 96, 93, 90]);
  });

  test("a NaN in the last frames extrapolates to nothing", () => {
    const a = args({ ngroups: 3, dark: new Float32Array([1, Number.NaN]), extrapolate: true });
    subtractDark(a);
    expect([...a.data]).toEqual([99, 100, 100]);
  });

  test("groups missing, counted in frames", () => {
    const one = { ngroups: 10, nframes: 1, groupgap: 0 };
    expect(missingGroups({ ngroups: 2, nframes: 4, groupgap: 1 }, one)).toBe(0);
    expect(missingGroups({ ngroups: 3, nframes: 4, groupgap: 1 }, one)).toBe(4);
    // 24 frames wanted; 2 groups of 4 with gap 1 have 9: 15 + 1 over 5 per group.
    expect(missingGroups({ ngroups: 5, nframes: 4, groupgap: 1 }, { ngroups: 2, nframes: 4, groupgap: 1 })).toBe(4);
  });
});

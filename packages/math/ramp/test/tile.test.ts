import { describe, expect, test } from "vitest";
import { medianInPlace } from "../src/ols/median.js";
import { medianNetwork } from "../src/ols/network.js";
import { Tile } from "../src/ols/tile.js";
import { WeightTable } from "../src/ols/weights.js";

function generator(seed: number): () => number {
  let s = seed;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
}

describe("medians", () => {
  test.each([1, 2, 3, 8, 9, 17, 33, 40, 101])("of %i values", (n) => {
    const next = generator(n);
    const values = Float64Array.from({ length: n }, () => Math.round(next() * 20) - 5);
    const sorted = [...values].sort((a, b) => a - b);
    const want = n % 2 ? sorted[n >> 1] : (sorted[n >> 1] + sorted[(n >> 1) - 1]) / 2;
    expect(medianInPlace(values.slice(), n)).toBe(want);
    const pairs = medianNetwork(n);
    for (let c = 0; c < pairs.length; c += 2) {
      const [lo, hi] = [pairs[c], pairs[c + 1]];
      if (values[lo] > values[hi]) [values[lo], values[hi]] = [values[hi], values[lo]];
    }
    expect(n % 2 ? values[n >> 1] : (values[n >> 1] + values[(n >> 1) - 1]) / 2).toBe(want);
  });

  test("of nothing", () => expect(medianInPlace(new Float64Array(1), 0)).toBeNaN());
});

describe("the compiled tile kernel and its twin", () => {
  test.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 20])("agree on %i groups", (ngroups) => {
    const nints = 2;
    const next = generator(ngroups);
    const npix = 300;
    const data = new Float32Array(nints * ngroups * npix);
    for (let p = 0; p < npix; p++)
      for (let i = 0; i < nints; i++) {
        let v = 1000;
        for (let g = 0; g < ngroups; g++) {
          v += (next() - 0.3) * 10 ** (p % 5);
          data[(i * ngroups + g) * npix + p] = v;
        }
      }
    data[7] = Number.NaN;
    const ramp = {
      nints,
      ngroups,
      nrows: 1,
      ncols: npix,
      data,
      groupdq: new Uint8Array(data.length),
      pixeldq: new Uint32Array(npix),
    };
    ramp.groupdq[npix + 3] = 4;
    const gain = Float32Array.from({ length: npix }, (_, p) => (p === 11 ? -1 : 1 + next()));
    const readnoise = Float32Array.from({ length: npix }, (_, p) => (p === 12 ? 0 : 5 + next()));
    const timing = { frameTime: 10, groupTime: 10, nframes: 2, groupgap: 0 };
    const dark = new Float32Array(npix).fill(0.25);
    const tiles = [true, false].map((wasm) => {
      const tile = new Tile(ramp, 0, ngroups, new WeightTable(ngroups), wasm);
      tile.load(ramp, npix, 20, npix - 20);
      tile.load(ramp, npix, 0, npix);
      tile.loadNoise({ gain, readnoise, timing }, 0, npix);
      tile.fitClean(dark, 10, 0, npix);
      return tile;
    });
    const [a, b] = tiles.map((t) => t.arrays);
    expect(a.noise.subarray(0, npix)).toEqual(b.noise.subarray(0, npix));
    expect(a.regular.subarray(0, npix)).toEqual(b.regular.subarray(0, npix));
    expect([a.regular[7], a.regular[11], a.regular[12], a.regular[13]]).toEqual([0, 0, 0, -1]);
    expect(tiles[0].any[3]).toBe(4);
    for (let k = 0; k < npix; k++) {
      if (a.regular[k] === 0) continue;
      expect(a.medians[k]).toBe(b.medians[k]);
      for (let r = 0; r < nints + 7; r++) {
        const [x, y] = [a.out[r * a.stride + k], b.out[r * a.stride + k]];
        expect(Math.abs(x - y)).toBeLessThanOrEqual(2e-7 * Math.abs(y) + 1e-12);
      }
    }
  });
});

import { describe, expect, test } from "vitest";
import {
  centroid,
  ellipseRuns,
  filledArea,
  fma,
  labelRuns,
  maskRuns,
  momentEllipse,
  Runs,
  roundHalfEven,
  sinCos,
  square,
} from "../src/index.js";

function draw(...rows: string[]): { mask: Uint8Array; ny: number; nx: number; runs: Runs } {
  const nx = rows[0].length;
  const mask = Uint8Array.from(rows.join(""), (c) => (c === "#" ? 1 : 0));
  return { mask, ny: rows.length, nx, runs: maskRuns(mask, 0, rows.length, nx, new Runs()) };
}

describe("regions", () => {
  test("touch by corners, and are numbered by their first pixel", () => {
    const { runs } = draw("#..#", ".#.#", "#..#");
    const labels = labelRuns(runs);
    expect(labels.count).toBe(2);
    expect([...labels.area]).toEqual([3, 3]);
    expect([labels.xmin[0], labels.xmax[0], labels.ymin[0], labels.ymax[0]]).toEqual([0, 1, 0, 2]);
  });

  test("branches join below", () => {
    const { runs } = draw("#.#.#", "#.#.#", "#####");
    expect(labelRuns(runs).count).toBe(1);
  });

  test("a hole counts as area unless it leaks at a corner", () => {
    const closed = draw("####", "#..#", "#..#", "####");
    expect(filledArea(closed.runs, labelRuns(closed.runs), 0)).toBe(16);
    const leaking = draw(".###", "#..#", "#..#", "####");
    expect(filledArea(leaking.runs, labelRuns(leaking.runs), 0)).toBe(11);
  });

  test("a bar has a minor axis of 0 and lies along its direction", () => {
    // Variance of 7 equal points one pixel apart: (49 - 1) / 12 = 4.
    const across = draw("#######");
    const e = momentEllipse(across.runs, labelRuns(across.runs), 0);
    expect(e.major).toBe(8);
    expect(e.minor).toBe(0);
    expect(Math.abs(e.angle)).toBe(90);
    expect(centroid(across.runs, labelRuns(across.runs), 0)).toEqual({ x: 3, y: 0 });
    const up = draw("#", "#", "#", "#", "#", "#", "#");
    expect(momentEllipse(up.runs, labelRuns(up.runs), 0).angle).toBeCloseTo(0, 14);
    const slant = draw("#..", ".#.", "..#");
    expect(momentEllipse(slant.runs, labelRuns(slant.runs), 0).angle).toBeCloseTo(45, 12);
  });

  test("an ellipse is clipped to the image", () => {
    // Radius 2: pixels strictly inside.
    const runs = new Runs();
    ellipseRuns(0, 1, 4, 4, 0, 5, 3, runs);
    ellipseRuns(2, 2, 0.4, 9, 0, 5, 5, runs);
    const all = Array.from({ length: runs.count }, (_, i) => [runs.row[i], runs.from[i], runs.to[i]]);
    expect(all).toEqual([
      [0, 0, 3],
      [1, 0, 3],
    ]);
  });

  test("an ellipse has the pixels that are inside, one by one", () => {
    const ny = 90;
    const nx = 70;
    let pixels = 0;
    for (let k = 0; k < 400; k++) {
      // Any numbers that spread; whole multiples of 15 degrees put many pixels exactly on the rim.
      const at = (step: number, range: number): number => ((k * step) % 1) * range;
      const y = at(0.618, ny + 20) - 10;
      const x = at(0.733, nx + 20) - 10;
      const a = 1 + Math.round(at(0.37, 45));
      const b = 1 + Math.round(at(0.91, 45));
      const angle = k % 2 ? 15 * (k % 13) - 90 : at(0.277, 180) - 90;
      const runs = new Runs();
      ellipseRuns(y, x, 2 * a, 2 * b, angle, ny, nx, runs);
      const turn = (angle * (Math.PI / 180)) % Math.PI;
      const { sin, cos } = sinCos(turn < 0 ? turn + Math.PI : turn);
      const found: number[] = [];
      for (let i = 0; i < runs.count; i++)
        for (let c = runs.from[i]; c < runs.to[i]; c++) found.push(runs.row[i] * nx + c);
      const wanted: number[] = [];
      for (let r = 0; r < ny; r++)
        for (let c = 0; c < nx; c++) {
          const dy = r - roundHalfEven(y);
          const dx = c - roundHalfEven(x);
          const u = (dy * cos + dx * sin) / a;
          const v = (dy * sin - dx * cos) / b;
          if (u * u + v * v < 1) wanted.push(r * nx + c);
        }
      expect(found).toEqual(wanted);
      pixels += found.length;
    }
    expect(pixels).toBeGreaterThan(100_000);
  });

  test("halves round to even", () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, 0, -2, 2, 3]);
  });
});

describe("extended precision", () => {
  test("fma rounds once", () => {
    const a = 1 + 2 ** -30;
    // a * a = 1 + 2^-29 + 2^-60; the last part is lost when the product is rounded first.
    expect(fma(a, a, -(1 + 2 ** -29))).toBe(2 ** -60);
  });
});

describe("the square of numpy's vectorised power", () => {
  test("in the last place where it is not the rounded product", () => {
    const pinned = [
      [1.9503084290867223, 3.8037029685667183],
      [10.85806418120406, 117.8975577631466],
      [12.791386172731452, 163.61956021994536],
      [20.25540005686284, 410.2812314635591],
      [15.977010463152258, 255.2648633396767],
      [38.34091999197486, 1470.0261458310172],
      [25.2574442452916, 637.9384898040138],
      [7.506997609380752, 56.355013107248325],
    ];
    for (const [x, wanted] of pinned) {
      expect(square(x)).toBe(wanted);
      expect(x * x).not.toBe(wanted);
    }
  });
  test("exact for powers of two and whole numbers; zero and negative numbers are plain products", () => {
    for (let k = -9; k < 12; k++) expect(square(2 ** k)).toBe(4 ** k);
    for (let n = 1; n < 60; n++) expect(square(n)).toBe(n * n);
    expect(square(0)).toBe(0);
    expect(square(-1.9503084290867223)).toBe(1.9503084290867223 ** 2);
  });
});

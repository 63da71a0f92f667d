import { describe, expect, test } from "vitest";
import { correctPlane, findRegions, medianAt } from "../src/kernel.js";

describe("picture frame", () => {
  test("frame and centre leave the reference pixels and each other out", () => {
    const n = 90;
    const { centre, edge } = findRegions(new Uint8Array(n * n).fill(1), n, n);
    const at = (y: number, x: number): number => y * n + x;
    expect(centre.includes(at(76, 76))).toBe(true);
    expect(centre.includes(at(75, 80))).toBe(false);
    expect(edge.includes(at(4, 80))).toBe(true);
    expect(edge.includes(at(3, 80))).toBe(false);
    expect(edge.includes(at(80, 74))).toBe(true);
    expect(edge.includes(at(80, 3))).toBe(false);
    expect(findRegions(new Uint8Array(n * n), n, n).centre).toHaveLength(0);
  });

  test("medians ignore NaN", () => {
    expect(medianAt(Float32Array.of(1, Number.NaN, 5, 2), Uint32Array.of(0, 1, 2))).toBe(3);
    expect(medianAt(Float32Array.of(Number.NaN), Uint32Array.of(0))).toBeNaN();
  });

  const frame = Float32Array.of(0, 1, 2, 1);
  const shared = {
    npix: 4,
    frame,
    frameCentre: 0,
    frameEdge: 1,
    regions: { centre: Uint32Array.of(0), edge: Uint32Array.of(1, 3) },
  };

  test("a plane that is a scaled frame becomes zero", () => {
    const data = Float32Array.from(frame, (v) => 3 * v + 10);
    correctPlane({ ...shared, data, plane: 0, zero: -1 });
    expect([...data]).toEqual([0, 0, 0, 0]);
  });

  test("groups are measured above the first one, which is put back", () => {
    const data = Float32Array.of(100, 200, 300, 400, 0, 0, 0, 0);
    for (let p = 0; p < 4; p++) data[4 + p] = data[p] + 5 * frame[p] + 7;
    correctPlane({ ...shared, data, plane: 1, zero: 0 });
    expect([...data]).toEqual([100, 200, 300, 400, 100, 200, 300, 400]);
  });
});

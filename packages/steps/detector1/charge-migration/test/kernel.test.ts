import { group } from "@calwebb/dqflags";
import { expect, test } from "vitest";
import { flagChargeMigration } from "../src/kernel.js";

const F = group.CHARGELOSS | group.DO_NOT_USE;

/** 1 integration, 3 groups, 3 x 3 pixels; `set` gives [group, pixel, value]. */
function ramp(set: [number, number, number][]) {
  const data = new Float32Array(27);
  for (const [g, p, v] of set) data[g * 9 + p] = v;
  return { data, groupdq: new Uint8Array(27), ngroups: 3, ny: 3, nx: 3, integration: 0, threshold: 100 };
}

test("the pixel and its four neighbours from the first bright group on", () => {
  const a = ramp([
    [1, 4, 101],
    [2, 4, 200],
  ]);
  expect(flagChargeMigration(a)).toBe(1);
  const cross = [0, F, 0, F, F, F, 0, F, 0];
  expect([...a.groupdq]).toEqual([...new Array(9).fill(0), ...cross, ...cross]);
});

test("corners and edges; equal to the threshold is not above", () => {
  const a = ramp([
    [2, 0, 101],
    [0, 8, 100],
    [2, 8, Number.NaN],
  ]);
  expect(flagChargeMigration(a)).toBe(1);
  expect([...a.groupdq.subarray(18)]).toEqual([F, F, 0, F, 0, 0, 0, 0, 0]);
  expect(a.groupdq.subarray(0, 18).every((v) => v === 0)).toBe(true);
});

test("a group whose only flag is DO_NOT_USE does not count, other flags do", () => {
  const a = ramp([
    [0, 0, 500],
    [0, 8, 500],
  ]);
  a.groupdq[0] = group.DO_NOT_USE;
  a.groupdq[8] = group.DO_NOT_USE | group.SATURATED;
  expect(flagChargeMigration(a)).toBe(1);
  expect(a.groupdq[0]).toBe(group.DO_NOT_USE);
  expect(a.groupdq[8]).toBe(F | group.SATURATED);
});

test("an earlier flag of a neighbour reaches back", () => {
  const a = ramp([
    [0, 1, 500],
    [2, 4, 500],
  ]);
  flagChargeMigration(a);
  expect(a.groupdq[4]).toBe(F);
  expect(a.groupdq[7]).toBe(0);
  expect(a.groupdq[18 + 7]).toBe(F);
});

import { group, pixel } from "@calwebb/dqflags";
import { expect, test } from "vitest";
import { flagFirst, flagFirstUnlessBright } from "../src/kernel.js";

const { DO_NOT_USE: D, SATURATED: S, JUMP_DET: J } = group;

test("adds DO_NOT_USE to group 1 of every integration", () => {
  const dq = new Uint8Array([J, 0, 0, 0, 0, S, 0, 0]);
  flagFirst(dq, 2, 2, 2);
  expect([...dq]).toEqual([J | D, D, 0, 0, D, S | D, 0, 0]);
});

test("pixels saturated in group 3 keep group 1 and are marked", () => {
  // 2 integrations, 3 groups, 3 pixels; pixel 0 bright in the second integration, pixel 1 in both and bad.
  const dq = new Uint8Array([0, 0, 0, 0, 0, 0, 0, S, 0, 0, 0, 0, 0, 0, 0, S, S, 0]);
  const pixeldq = new Uint32Array([0, pixel.DO_NOT_USE, 0]);
  expect(flagFirstUnlessBright(dq, pixeldq, 2, 3, 3)).toBe(1);
  expect([...dq.subarray(0, 3)]).toEqual([D, 0, D]);
  expect([...dq.subarray(9, 12)]).toEqual([0, 0, D]);
  expect([...pixeldq]).toEqual([pixel.FLUX_ESTIMATED, pixel.DO_NOT_USE | pixel.FLUX_ESTIMATED, 0]);
});

test("without a third group no pixel is bright", () => {
  const dq = new Uint8Array([S, S]);
  const pixeldq = new Uint32Array(1);
  expect(flagFirstUnlessBright(dq, pixeldq, 1, 2, 1)).toBe(0);
  expect([...dq]).toEqual([S | D, S]);
  expect(pixeldq[0]).toBe(0);
});

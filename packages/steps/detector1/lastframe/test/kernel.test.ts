import { group } from "@calwebb/dqflags";
import { expect, test } from "vitest";
import { flagLast } from "../src/kernel.js";

test("adds DO_NOT_USE to the last group of every integration", () => {
  const dq = new Uint8Array([0, 0, 0, group.SATURATED, 0, 0, 0, 0]);
  flagLast(dq, 2, 2, 2);
  expect([...dq]).toEqual([0, 0, 1, group.SATURATED | 1, 0, 0, 1, 1]);
});

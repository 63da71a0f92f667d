import { expect, test } from "vitest";
import { linearOrder } from "../src/index.js";

test("near-infrared ramps: bias and reference pixels before linearity", () => {
  const order = linearOrder("NIRCAM");
  expect(order.slice(-3)).toEqual(["superbias", "refpix", "linearity"]);
  expect(linearOrder(undefined)).toBe(order);
});

test("MIRI ramps: no superbias, reference pixels after the dark", () => {
  const order = linearOrder("MIRI");
  expect(order).not.toContain("superbias");
  expect(order).not.toContain("refpix");
  expect(order.indexOf("linearity")).toBeLessThan(order.indexOf("rscd"));
});

test("every order begins with the scale and the flags of the ramp, each step once", () => {
  for (const instrument of ["NIRCAM", "MIRI"]) {
    const order = linearOrder(instrument);
    expect(order.slice(0, 2)).toEqual(["group_scale", "dq_init"]);
    expect(new Set(order).size).toBe(order.length);
  }
});

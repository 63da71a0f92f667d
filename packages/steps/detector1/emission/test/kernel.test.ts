import { expect, test } from "vitest";
import { emission } from "../src/kernel.js";

test("there is no emission", () => {
  expect(emission()).toBe(0);
});

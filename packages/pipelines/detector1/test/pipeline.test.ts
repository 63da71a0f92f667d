import { truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { Detector1Pipeline, MIRI_ORDER, NIR_ORDER, Tso1 } from "../src/index.js";

truthSuite(Detector1Pipeline as never, new URL("./truth/", import.meta.url));

describe("the order of steps", () => {
  test("is that of the instrument", () => {
    expect(NIR_ORDER.indexOf("superbias")).toBeLessThan(NIR_ORDER.indexOf("refpix"));
    expect(NIR_ORDER).not.toContain("rscd");
    expect(MIRI_ORDER.indexOf("refpix")).toBeGreaterThan(MIRI_ORDER.indexOf("dark_current"));
    expect(MIRI_ORDER).not.toContain("superbias");
    for (const order of [NIR_ORDER, MIRI_ORDER]) expect(order.at(-1)).toBe("persistence");
  });

  test("names steps that the pipeline has", () => {
    for (const alias of [...NIR_ORDER, ...MIRI_ORDER, ...Object.keys(Tso1.steps)])
      expect(Object.keys(Detector1Pipeline.steps)).toContain(alias);
  });
});

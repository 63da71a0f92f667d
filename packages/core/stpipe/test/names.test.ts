import { productName, removeSuffix } from "@calwebb/stpipe";
import { expect, test } from "vitest";

test.each([
  ["jw01_nrca1_uncal", "jw01_nrca1", "_"],
  ["jw01_nrca1_rate", "jw01_nrca1", "_"],
  ["jw01-rate", "jw01", "-"],
  ["jw01_flat_field", "jw01", "_"],
  ["jw01_gain_scale", "jw01", "_"],
  ["jw01_segm", "jw01_segm", undefined],
  ["uncal", "uncal", undefined],
  ["_uncal", "_uncal", undefined],
  ["jw01_UNCAL", "jw01_UNCAL", undefined],
  ["jw01_rate_uncal", "jw01_rate", "_"],
])("takes known suffixes off: %s", (name, root, separator) => {
  expect(removeSuffix(name)).toEqual([root, separator]);
});

test.each([
  [{ base: "/d/x_uncal.fits", suffix: "jump", ext: ".fits" }, "x_jump.fits"],
  [{ base: "x_uncal.fits", suffix: "ramp_fit", ext: "fits", parts: [0] }, "x_0_ramp_fit.fits"],
  [{ base: "x.fits", suffix: "jump", ext: ".asdf" }, "x_jump.asdf"],
  [{ base: "x-rate.fits", suffix: "cal", ext: ".fits" }, "x-cal.fits"],
  [{ base: "x_segm.fits", suffix: "y", ext: ".fits" }, "x_segm_y.fits"],
  [{ base: "x_uncal.fits", suffix: false as const, ext: ".fits" }, "x_uncal.fits"],
  [{ base: "x_uncal.fits", suffix: "crf", ext: ".fits", parts: ["o001", undefined] }, "x_o001_crf.fits"],
  [{ base: "a.b_uncal.fits", suffix: "jump", ext: ".fits" }, "a.b_jump.fits"],
])("names products %#", (parts, name) => {
  expect(productName(parts)).toBe(name);
});

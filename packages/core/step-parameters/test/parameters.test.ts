import { resolveParams } from "@calwebb/stpipe";
import { describe, expect, test } from "vitest";
import { finderOptions, finderParameters, sipOptions, sipParameters } from "../src/index.js";

const finder = finderParameters({
  starfinder: "iraf",
  snr_threshold: 7,
  bkg_boxsize: 40,
  kernel_fwhm: 3,
  npixels: 9,
});

describe("parameters of source finding", () => {
  test("the defaults of the step reach the finder", () => {
    const options = finderOptions(resolveParams(finder, {}, "test") as never);
    expect(options).toMatchObject({ finder: "iraf", snr: 7, fwhm: 3, backgroundBox: 40, npixels: 9, connectivity: 8 });
    expect(options.stars).toMatchObject({ separation: 2, sharpness: [0.5, 2], brightest: 200, peakmax: undefined });
  });

  test.each([
    ["iraf", { brightest: 0 }],
    ["dao", { kernel_fwhm: 0 }],
    ["dao", { sigma_radius: -1 }],
    ["segmentation", { npixels: 0 }],
    ["segmentation", { nlevels: 0 }],
    ["segmentation", { contrast: 1.5 }],
    ["segmentation", { localbkg_width: -3 }],
    ["segmentation", { kron_params: [-1, 1] }],
    ["segmentation", { kron_params: [2, 0] }],
    ["segmentation", { kron_params: [2, 1, -1] }],
  ])("%s with %o is refused by the name of the parameter", (starfinder, given) => {
    const values = resolveParams(finder, { starfinder, ...given }, "test") as never;
    expect(() => finderOptions(values)).toThrow(new RegExp(`^${Object.keys(given)[0]} is`));
  });

  test("limits of splitting do not matter when nothing is split", () => {
    const values = resolveParams(finder, { starfinder: "segmentation", deblend: false, nlevels: 0 }, "test") as never;
    expect(finderOptions(values).deblend).toBe(false);
  });

  test.each([
    [0.9, 3],
    [1.5, 5],
  ])("a separation of %s widths of 3 pixels is %d pixels", (minsep_fwhm, pixels) => {
    const options = finderOptions(resolveParams(finder, { minsep_fwhm }, "test") as never);
    expect(options.stars.separation).toBe(pixels);
  });
});

test("a degree that is not given is not fixed", () => {
  const given = sipOptions(resolveParams(sipParameters(), { sip_degree: 4 }, "test") as never);
  expect(given).toEqual({ maxPixError: 0.01, degree: 4, maxInvPixError: 0.01, invDegree: undefined, npoints: 12 });
});

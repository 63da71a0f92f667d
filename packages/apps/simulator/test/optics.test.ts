import { describe, expect, test } from "vitest";
import { distortion, jacobian, pixelArea, pixelToV23, v23ToPixel } from "../src/optics/aperture.js";
import { bandOf, bandsOf, electronsPerMJySr, type Imager, skyBrightness, vegaOffset } from "../src/optics/bands.js";
import { cameraOf } from "../src/optics/camera.js";
import { CORONAGRAPHS, coronagraphOf } from "../src/optics/coronagraphs.js";
import { DETECTORS } from "../src/optics/detectors.js";
import { APERTURES } from "../src/optics/generated/siaf.js";
import { encircledEnergy, encirclingRadius, fullWidth, psfOf } from "../src/optics/psf.js";

describe("apertures", () => {
  // What pysiaf 0.29.0 gives for the science pixel (100, 200), counted from 1.
  test.each([
    ["NRCB1_FULL", -94.08806357228696, -483.32293770731746],
    ["MIRIM_FULL", -390.8851947897719, -413.5199488740855],
    ["FGS1_FULL", 272.07635495355413, -757.2014115784668],
    ["NIS_CEN", -231.28370859300696, -752.4969903560091],
  ])("%s looks where its aperture file says", (name, v2, v3) => {
    const [x, y] = pixelToV23(APERTURES[name], 99, 199);
    expect(x).toBeCloseTo(v2, 8);
    expect(y).toBeCloseTo(v3, 8);
  });

  test.each(Object.keys(APERTURES))("%s: there and back, numbers and transform the same", (name) => {
    const aperture = APERTURES[name];
    const transform = distortion(aperture);
    for (const [x, y] of [
      [0, 0],
      [1000, 300],
      [37.25, 1011.5],
    ]) {
      const [v2, v3] = pixelToV23(aperture, x, y);
      const [px, py] = v23ToPixel(aperture, v2, v3);
      expect(Math.hypot(px - x, py - y)).toBeLessThan(1e-7);
      const [t2, t3] = transform.point(x, y);
      expect(Math.hypot(t2 - v2, t3 - v3)).toBeLessThan(1e-9);
      const [ix, iy] = transform.inverse.point(v2, v3);
      expect(Math.hypot(ix - x, iy - y)).toBeLessThan(name.includes("MASK") ? 1 : 0.25);
    }
  });

  test("derivatives are those of the positions; far outside there is no pixel", () => {
    const aperture = APERTURES["NRCA5_FULL"];
    const [a, , c] = jacobian(aperture, 700, 900);
    const [left, right] = [pixelToV23(aperture, 699.5, 900), pixelToV23(aperture, 700.5, 900)];
    expect(a).toBeCloseTo(right[0] - left[0], 9);
    expect(c).toBeCloseTo(right[1] - left[1], 9);
    expect(Math.sqrt(pixelArea(aperture, 1023.5, 1023.5))).toBeCloseTo(0.0629, 3);
    expect(v23ToPixel(aperture, 5000, 5000)).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("bands", () => {
  test("narrow filters need their pupil; a mask keeps the filter's band; unknown ones are refused", () => {
    expect(bandOf("NIRCAM", "F444W", "F470N").wavelength).toBe(4.707);
    expect(bandOf("NIRCAM", "F335M", "MASKRND").wavelength).toBe(3.365);
    expect(bandOf("NIRISS", "CLEAR", "F150W").wavelength).toBe(1.494);
    expect(() => bandOf("NIRISS", "CLEAR", "F770W")).toThrow(/NIRISS has no filter CLEAR with pupil F770W/);
    expect(() => bandOf("MIRI", "F200W", undefined)).toThrow(/no filter F200W/);
  });

  test("brightness of the sky, Vega's magnitudes, and counts have the right size", () => {
    expect(skyBrightness(1.5)).toBeCloseTo(0.2, 12);
    expect(skyBrightness(15)).toBeCloseTo(60, 12);
    expect(vegaOffset(2.159)).toBeCloseTo(1.84, 2);
    // A pixel of NIRCam's short-wave channel in F200W: 0.9 electrons per second from 1 MJy/sr.
    expect(electronsPerMJySr("NIRCAM", bandOf("NIRCAM", "F200W", "CLEAR"), 2.29e-14)).toBeCloseTo(0.92, 1);
    for (const name of ["NIRCAM", "NIRISS", "MIRI", "FGS"] as Imager[])
      expect(bandsOf(name).length).toBeGreaterThan(name === "FGS" ? 0 : 11);
  });
});

describe("cameras", () => {
  test.each(Object.keys(DETECTORS))("%s can be set up, full and small", (detector) => {
    const full = cameraOf({ detector });
    const { xSciRef, ySciRef } = full.aperture;
    expect(full.reference).toEqual({ x: xSciRef - 1, y: ySciRef - 1 });
    const small = cameraOf({ detector, size: 64 });
    expect(small.mode.ysize).toBe(64);
    expect(small.mode.subarray).toBe("GENERIC");
    expect(small.reference.y).toBe(31.5);
    expect(small.area).toEqual(full.area);
  });

  test("a coronagraph keeps its mask in the cut", () => {
    for (const name of Object.keys(CORONAGRAPHS)) {
      const { mode, reference } = coronagraphOf(name, { size: 48 });
      expect(Math.abs(reference.x - (mode.xstart - 1) - 24)).toBeLessThan(4);
      expect(Math.abs(reference.y - (mode.ystart - 1) - 24)).toBeLessThan(2);
    }
    expect(() => coronagraphOf("nircam-335r", { size: 400 })).toThrow(/size 400 is not an integer from 16 to 320/);
    expect(() => coronagraphOf("nircam-9")).toThrow(/unknown coronagraph/);
  });

  test("what does not exist is refused", () => {
    expect(() => cameraOf({ detector: "NRCC1" })).toThrow(/unknown detector "NRCC1"/);
    expect(() => cameraOf({ detector: "NIS", aperture: "X" })).toThrow(/unknown aperture/);
    const subarray = { name: "SUB", xstart: 2000, ystart: 1, xsize: 64, ysize: 64 };
    expect(() => cameraOf({ detector: "NIS", subarray })).toThrow(/does not lie on NIS/);
  });
});

describe("PSF", () => {
  test("encircled energy and its inverse agree; the core has the width of the telescope's", () => {
    const psf = psfOf(2, 0.031);
    expect(encircledEnergy(psf, 1e4, 1)).toBeCloseTo(1, 12);
    for (const share of [0.1, 0.5, 0.8])
      expect(encircledEnergy(psf, encirclingRadius(psf, share, 2), 2)).toBeCloseTo(share, 9);
    // 2 um through 6.5 m: 63.5 mas, 2.05 pixels of 31 mas.
    expect(fullWidth(psf)).toBeGreaterThan(1.9);
    expect(fullWidth(psf)).toBeLessThan(2.4);
  });
});

import { imagingWcs } from "@calwebb/assign-wcs/kernel";
import { describe, expect, test } from "vitest";
import { skyView } from "../src/observation/imaging.js";
import { pointAt } from "../src/observation/pattern.js";
import { distortion, pixelArea } from "../src/optics/aperture.js";
import { cameraOf } from "../src/optics/camera.js";
import { attitudeAt, nudged, placement, skyAt } from "../src/optics/pointing.js";
import { drawSources, fluxOf, REFERENCE_WAVELENGTH } from "../src/sky/catalog.js";
import { addGalaxy, addPoint, profileOf } from "../src/sky/render.js";
import { brightness } from "../src/sky/transit.js";
import { electronsOf, relativeArea, skyOf } from "../src/sky/view.js";

const picture = (n: number) => ({ data: new Float32Array(n * n), nx: n, ny: n });
const sum = (data: Float32Array): number => data.reduce((a, b) => a + b, 0);
const TARGET = { ra: 150.1, dec: 2.2, roll: 40 };

describe("drawing", () => {
  const psf = { weights: [0.8, 0.2], sigmas: [0.6, 2] };

  test("a star has its flux, and its centroid where it is", () => {
    const image = picture(41);
    addPoint(image, 20.3, 19.6, 100, psf);
    expect(sum(image.data)).toBeCloseTo(100, 1);
    const moment = (of: (p: number) => number): number => image.data.reduce((a, v, p) => a + v * of(p), 0) / 100;
    expect(moment((p) => p % 41)).toBeCloseTo(20.3, 2);
    expect(moment((p) => Math.floor(p / 41))).toBeCloseTo(19.6, 2);
  });

  test("a star beside the image leaves only what falls on it", () => {
    const image = picture(11);
    addPoint(image, -0.5, 5, 100, psf);
    expect(sum(image.data)).toBeCloseTo(50, 0);
    const before = sum(image.data);
    addPoint(image, 500, 500, 100, psf);
    expect(sum(image.data)).toBe(before);
  });

  test.each([1, 4] as const)("half the light of a galaxy of index %s is within its radius", (sersic) => {
    const inside = profileOf(sersic).reduce((a, { share, variance }) => a + share * -Math.expm1(-0.5 / variance), 0);
    expect(inside).toBeCloseTo(0.5, 1);
    // Intensity at one and two radii, against the profile itself.
    const at = (r: number): number =>
      profileOf(sersic).reduce((a, { share, variance: v }) => a + (share / v) * Math.exp((-0.5 * r * r) / v), 0);
    const b = sersic === 1 ? 1.67835 : 7.66925;
    expect(at(2) / at(1)).toBeCloseTo(Math.exp(-b * (2 ** (1 / sersic) - 1)), 1);
  });

  test("a galaxy has its flux and its tilt", () => {
    const image = picture(121);
    addGalaxy(image, 60, 60, 100, 1, { xx: 36, xy: 20, yy: 16 }, psf);
    expect(sum(image.data)).toBeGreaterThan(99);
    expect(sum(image.data)).toBeLessThan(100.2);
    const at = (x: number, y: number): number => image.data[(60 + y) * 121 + 60 + x];
    expect(at(6, 4)).toBeGreaterThan(3 * at(6, -4));
  });
});

describe("catalog", () => {
  test("a field has the sources that were asked for, the same for the same seed", () => {
    const options = { radius: 30, stars: 50, galaxies: 20, seed: 4 };
    const field = drawSources(options);
    expect(field.filter((s) => !s.galaxy).length).toBe(50);
    expect(field.filter((s) => s.galaxy).length).toBe(20);
    expect(drawSources(options)).toEqual(field);
    expect(drawSources({ ...options, seed: 5 })).not.toEqual(field);
  });

  test("fluxes: AB magnitudes, black bodies, power laws", () => {
    const star = { id: 1, ra: 0, dec: 0, magnitude: 20, temperature: 5000 };
    expect(fluxOf(star, REFERENCE_WAVELENGTH)).toBeCloseTo(3631e-8, 12);
    expect(fluxOf({ ...star, temperature: 9000 }, 10)).toBeLessThan(fluxOf({ ...star, temperature: 3000 }, 10));
    expect(fluxOf({ id: 1, ra: 0, dec: 0, magnitude: 20, slope: 1 }, 4)).toBeCloseTo(2 * 3631e-8, 12);
  });
});

describe("pointing", () => {
  const camera = cameraOf({ detector: "NIS", size: 64 });
  const attitude = pointAt(camera, TARGET, { x: 0, y: 0 }, 1.00004);

  test("the target is on the reference pixel, shifted by the filter only", () => {
    const place = placement(camera.aperture, attitude, camera.offset);
    const [x, y] = place(TARGET.ra, TARGET.dec);
    expect(x + camera.offset.column).toBeCloseTo(camera.reference.x, 6);
    expect(y + camera.offset.row).toBeCloseTo(camera.reference.y, 6);
    const [ra, dec] = skyAt(camera.aperture, attitude, camera.offset, x + 20, y - 7);
    const [px, py] = place(ra, dec);
    expect(Math.hypot(px - x - 20, py - y + 7)).toBeLessThan(1e-5);
  });

  test("an attitude said of another point is the same attitude", () => {
    const other = attitudeAt(attitude, attitude.v2 + 100, attitude.v3 - 50);
    const back = attitudeAt(other, attitude.v2, attitude.v3);
    expect(back.ra).toBeCloseTo(attitude.ra, 10);
    expect(back.roll).toBeCloseTo(attitude.roll, 9);
    expect(nudged(attitude, { north: 3.6, turn: 1 })).toMatchObject({ dec: attitude.dec + 0.001, roll: 41 });
  });

  test("the header leads assign_wcs to where the sources were put", () => {
    for (const detector of ["NRCB4", "NRCALONG", "NIS", "MIRIMAGE", "GUIDER2"]) {
      const seen = cameraOf({ detector, size: 80 });
      const at = pointAt(seen, TARGET, { x: 3, y: -2 }, 1.00004);
      const about = attitudeAt(at, ...(pixelPosition(seen) as [number, number]));
      const view = skyView(seen, about, about, [], 0, {});
      const { wcsinfo } = view.meta as { wcsinfo: Record<string, number> };
      const wcs = imagingWcs({
        distortion: distortion(seen.aperture),
        shape: [seen.mode.ysize, seen.mode.xsize],
        offset: seen.offset,
        subarray: seen.mode,
        pointing: {
          v2Ref: wcsinfo["v2_ref"],
          v3Ref: wcsinfo["v3_ref"],
          rollRef: wcsinfo["roll_ref"],
          raRef: wcsinfo["ra_ref"],
          decRef: wcsinfo["dec_ref"],
        },
        vaScale: 1.00004,
      });
      const [ra, dec] = wcs.forward(Float64Array.of(12), Float64Array.of(61));
      const [x, y] = view.place(ra[0], dec[0]);
      expect(Math.hypot(x - 12, y - 61), detector).toBeLessThan(1e-5);
    }
  });
});

/** V2, V3 of a camera's reference pixel. */
function pixelPosition({ aperture, reference }: ReturnType<typeof cameraOf>): number[] {
  return distortion(aperture).point(reference.x, reference.y);
}

describe("views", () => {
  const camera = cameraOf({ detector: "MIRIMAGE", size: 64 });
  const attitude = pointAt(camera, TARGET, { x: 0, y: 0 }, 1);

  test("the sky fills pixels by their area, a star has its electrons", () => {
    const star = { id: 1, ra: TARGET.ra, dec: TARGET.dec, magnitude: 15, temperature: 6000 };
    const dark = skyView(camera, attitude, attitude, [star], 0, {}).light(0);
    const electrons = electronsOf(camera, fluxOf(star, camera.band.wavelength));
    expect(sum(dark) / electrons).toBeGreaterThan(0.97);
    expect(sum(dark) / electrons).toBeLessThan(1.001);
    const view = skyView(camera, attitude, attitude, [], skyOf(camera), {});
    expect(view.light(0)[70]).toBeCloseTo(skyOf(camera) * camera.electrons * view.area[70], 3);
  });

  test("areas in between the grid are right to 2e-5", () => {
    const area = relativeArea(camera);
    const { offset, aperture, mode } = camera;
    const exact = pixelArea(aperture, 17 + offset.column, 45 + offset.row) / camera.area.arcsec2;
    expect(Math.abs(area[45 * mode.xsize + 17] / exact - 1)).toBeLessThan(2e-5);
    expect(Math.abs(exact - 1)).toBeGreaterThan(1e-3);
  });
});

test("the light of a transit", () => {
  const transit = { middle: 10, duration: 4, ingress: 1, depth: 0.02 };
  expect([7.9, 8.5, 10, 11.5, 12].map((t) => brightness(transit, t))).toEqual([1, 0.99, 0.98, 0.99, 1]);
});

import { join } from "node:path";
import type { ImageModel } from "@calwebb/datamodels";
import { type ImagingOptions, imagingObservation, type Source } from "@calwebb/simulator";
import { wcsOf } from "@calwebb/wcs";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/exposures.js";
import { apart, columnsOf, loaded, median, Reduction } from "./support/observations.js";

// What comes out of the pipelines of imaging is what was on the simulated sky.
const { path: root, remove } = temporaryFolder();
afterAll(remove);

const TARGET = { ra: 80.4875, dec: -69.4975, roll: 67.3 };

/** Stars on a grid, with distances [arcsec] that are no whole number of pixels. */
function grid(side: number, step: number, magnitude: number): Source[] {
  const half = (side - 1) / 2;
  return Array.from({ length: side * side }, (_, k) => {
    const [i, j] = [(k % side) - half, Math.floor(k / side) - half];
    const [east, north] = [step * (i + 0.013 * j), step * (j - 0.017 * i)];
    return {
      id: k + 1,
      ra: TARGET.ra + east / 3600 / Math.cos((TARGET.dec * Math.PI) / 180),
      dec: TARGET.dec + north / 3600,
      magnitude,
      temperature: 6000,
    };
  });
}

const observe = (
  name: string,
  options: Partial<ImagingOptions> & Pick<ImagingOptions, "detectors">,
): Promise<Reduction> =>
  Reduction.of(
    imagingObservation({ nints: 1, ngroups: 6, seed: 3, dithers: 4, target: TARGET, ...options }),
    join(root, name),
  );

/** Distances [arcsec] of the true stars from the catalog's nearest sources, and ratios of measured to true flux. */
function compare(reduction: Reduction): { distances: number[]; ratios: number[] } {
  const truth = columnsOf(reduction.written.truth) as Record<string, number[]>;
  const found = columnsOf(reduction.combined("_cat.ecsv")) as Record<string, number[]>;
  const [ra, dec, flux] = ["sky_centroid.ra", "sky_centroid.dec", "aper_total_flux"].map((name) => found[name]);
  const nearest = truth["RA"].map((r, k) => {
    const all = ra.map((a, i) => apart(a, dec[i], r, truth["DEC"][k]));
    const best = all.indexOf(Math.min(...all));
    return { distance: all[best], ratio: flux[best] / truth["flux"][k] };
  });
  return { distances: nearest.map((n) => n.distance), ratios: nearest.map((n) => n.ratio) };
}

describe("stars are found where they are, as bright as they are", () => {
  test.each([
    ["NRCB1", "F200W", undefined, 160, 1.4, 19.5, "SHALLOW4"],
    ["NRCALONG", "F277W", undefined, 112, 2, 20.5, "SHALLOW4"],
    ["NIS", "F356W", "CLEARP", 128, 2.4, 20, "NIS"],
    ["MIRIMAGE", "F1000W", undefined, 112, 3.2, 13, "FASTR1"],
    ["GUIDER1", undefined, undefined, 112, 2.2, 19, "FGS"],
  ] as const)("%s", async (detector, filter, pupil, size, step, magnitude, readpatt) => {
    const sources = grid(3, step, magnitude);
    const reduction = await observe(detector, { detectors: [detector], filter, pupil, size, readpatt, sources });
    await reduction.stage3({ tweakreg: { skip: true }, outlier_detection: { skip: true } });
    const { distances, ratios } = compare(reduction);
    process.stdout.write(
      `${detector}: ${distances.length} stars, ${(1000 * Math.max(...distances)).toFixed(1)} mas at most from their places, ` +
        `flux ${(100 * (median(ratios) - 1)).toFixed(2)} % off (median)\n`,
    );
    expect(Math.max(...distances)).toBeLessThan(0.02);
    expect(Math.abs(median(ratios) - 1)).toBeLessThan(0.01);
  });
});

/** Flux of stars [MJy]: in circles on an image, over the median of a ring about each; NaN where a pixel of the circle is missing. */
function fluxes(image: ImageModel, sources: readonly Source[], radius: number): number[] {
  const [ny, nx] = image.data.shape;
  const wcs = wcsOf(image);
  if (!wcs) throw new Error("no world coordinates");
  const [xs, ys] = wcs.inverse(
    Float64Array.from(sources, (s) => s.ra),
    Float64Array.from(sources, (s) => s.dec),
  );
  const sr = image.meta.photometry.pixelarea_steradians ?? Number.NaN;
  const area = image.hasArray("area") ? image.area.flat() : undefined;
  const data = image.data.flat();
  return sources.map((_, k) => {
    const inside: number[] = [];
    const ring: number[] = [];
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const r = Math.hypot(x - xs[k], y - ys[k]);
        const value = data[y * nx + x] * (area?.[y * nx + x] ?? 1);
        if (r < radius) inside.push(value);
        else if (r > 1.3 * radius && r < 1.7 * radius) ring.push(value);
      }
    const sky = median(ring);
    return inside.reduce((sum, v) => sum + (v - sky), 0) * sr;
  });
}

test("drizzle keeps the flux", async () => {
  const sources = grid(3, 1.1, 16.5);
  const reduction = await observe("flux", {
    detectors: ["NRCB2"],
    size: 128,
    dithers: 1,
    readpatt: "SHALLOW4",
    sources,
  });
  const cal = fluxes(await reduction.open(0, "cal"), sources, 8);
  const mosaic = fluxes(await loaded(reduction.path(0, "i2d")), sources, 8);
  const ratios = mosaic.map((flux, k) => flux / cal[k]).filter(Number.isFinite);
  expect(ratios.length).toBeGreaterThan(2);
  const ratio = median(ratios);
  process.stdout.write(`flux after drizzling over flux before: ${ratio.toFixed(5)}\n`);
  expect(Math.abs(ratio - 1)).toBeLessThan(0.003);
});

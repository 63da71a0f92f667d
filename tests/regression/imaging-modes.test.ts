import { join } from "node:path";
import { coronagraphyObservation, timeSeriesObservation, wavefrontObservation } from "@calwebb/simulator";
import { wcsOf } from "@calwebb/wcs";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/exposures.js";
import { columnsOf, loaded, Reduction } from "./support/observations.js";

// Coronagraphy finds a planted companion, a time series the planted transit, wavefront sensing a star that is beside its place.
const { path: root, remove } = temporaryFolder();
afterAll(remove);

test("a time series has the transit of the star", async () => {
  const observation = timeSeriesObservation({ segments: 2, nints: 24, ngroups: 6, seed: 8, depth: 0.01 });
  const reduction = await Reduction.of(observation, join(root, "tso"));
  await reduction.stage3();
  const table = columnsOf(reduction.combined("_phot.ecsv")) as Record<string, number[]>;
  const [times, flux] = [table["MJD"], table["net_aperture_sum"]];
  expect(times.length).toBe(48);
  const { middle, duration, ingress, depth } = observation.transit;
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const inside = flux.filter((_, k) => Math.abs(times[k] - middle) < duration / 2 - ingress);
  const outside = flux.filter((_, k) => Math.abs(times[k] - middle) > duration / 2);
  expect(inside.length).toBeGreaterThan(8);
  const found = 1 - mean(inside) / mean(outside);
  process.stdout.write(`transit depth ${(100 * found).toFixed(2)} %, put in ${(100 * depth).toFixed(2)} %\n`);
  expect(Math.abs(found - depth)).toBeLessThan(0.0015);
  // The flux itself, within an aperture of 3 pixels.
  const truth = columnsOf(reduction.written.truth) as Record<string, number[]>;
  expect(mean(outside) / truth["flux"][0]).toBeGreaterThan(0.7);
  expect(mean(outside) / truth["flux"][0]).toBeLessThan(0.85);
});

describe("klip leaves the companion of a star", () => {
  test.each([
    ["nircam-335r", "MEDIUM8", 7, { separation: 0.8, angle: 60, contrast: 1e-4 }],
    ["miri-1140", "FASTR1", 4, { separation: 1.9, angle: 200, contrast: 5e-4 }],
  ] as const)("%s", async (coronagraph, readpatt, magnitude, companion) => {
    const reduction = await Reduction.of(
      coronagraphyObservation({
        coronagraph,
        size: 44,
        readpatt,
        nints: 2,
        ngroups: readpatt === "FASTR1" ? 12 : 5,
        magnitude,
        referenceMagnitude: magnitude - 0.3,
        seed: 4,
        companion,
        references: 2,
        referenceStep: 0.1,
        effects: { electronics: 0.2 },
      }),
      join(root, coronagraph),
    );
    await reduction.stage3();
    const image = await loaded(reduction.combined("_i2d.fits"));
    const truth = columnsOf(reduction.written.truth) as Record<string, number[]>;
    const [x, y] = wcsOf(image)?.inverse(
      Float64Array.from(truth["RA"].slice(0, 2)),
      Float64Array.from(truth["DEC"].slice(0, 2)),
    ) ?? [[], []];
    const [ny, nx] = image.data.shape;
    const data = image.data.flat();
    const radius = Math.hypot(x[1] - x[0], y[1] - y[0]);
    /** Pixels about as far from the star as the companion, brightest first: value, and distance from the companion. */
    const ring: [number, number][] = [];
    for (let v = 0; v < ny; v++)
      for (let u = 0; u < nx; u++) {
        const r = Math.hypot(u - x[0], v - y[0]);
        const value = data[v * nx + u];
        if (Number.isFinite(value) && Math.abs(r - radius) < 3) ring.push([value, Math.hypot(u - x[1], v - y[1])]);
      }
    ring.sort(([a], [b]) => b - a);
    const elsewhere = ring.filter(([, d]) => d > 6).map(([value]) => value);
    const noise = Math.sqrt(elsewhere.reduce((sum, v) => sum + v * v, 0) / elsewhere.length);
    process.stdout.write(
      `${coronagraph}: companion at ${(ring[0][0] / noise).toFixed(1)} sigma, ${ring[0][1].toFixed(2)} pixel from its place\n`,
    );
    expect(ring[0][1]).toBeLessThan(1.2);
    expect(ring[0][0] / noise).toBeGreaterThan(5);
  });
});

test("wavefront sensing lays two images of a star on each other", async () => {
  const dither = { x: 12, y: -3 };
  const observation = wavefrontObservation({
    size: 180,
    readpatt: "SHALLOW4",
    nints: 1,
    ngroups: 3,
    seed: 6,
    dither,
    error: { x: 4, y: 2 },
    effects: { cosmicRays: 0 },
  });
  const reduction = await Reduction.of(observation, join(root, "wavefront"));
  /** Share of the light by which the combined image differs from the first exposure. */
  const difference = async (): Promise<number> => {
    const [first, both] = [await reduction.open(0, "cal"), await loaded(reduction.combined("_wfscmb.fits"))];
    expect(both.shape).toEqual(first.shape);
    const [a, b] = [first, both].map((model) => model.data.flat().map((v) => (Number.isNaN(v) ? 0 : v)));
    return a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0) / a.reduce((sum, v) => sum + Math.abs(v), 0);
  };
  await reduction.stage3();
  const reported = await difference();
  await reduction.stage3({ do_refine: true });
  const measured = await difference();
  process.stdout.write(
    `combined image beside the first: ${(100 * reported).toFixed(1)} % by the header, ${(100 * measured).toFixed(1)} % measured\n`,
  );
  expect(reported).toBeGreaterThan(0.02);
  expect(measured).toBeLessThan(reported / 2);
});

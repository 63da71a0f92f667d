import { random } from "@calwebb/rng";
import { describe, expect, test } from "vitest";
import { boxMeter, plainBoxMeter } from "../src/box.js";
import { convolveKnownPlain, convolvePlain } from "../src/convolve.js";
import { convolveSimd } from "../src/convolve-simd.js";
import {
  type BackgroundMeshes,
  backgroundMeshes,
  convolve,
  convolveKnown,
  convolveSquare,
  daoStars,
  deblendSegments,
  detectSegments,
  findPeaks,
  findSources,
  gaussianKernel,
  irafStars,
  labelRegions,
  measureSegments,
  meshImage,
  starKernel,
  watershed,
} from "../src/index.js";

const N = 40;
const none = new Uint8Array(N * N);

function stars(at: readonly (readonly [number, number, number])[], sigma = 1.2, level = 0): Float32Array {
  return Float32Array.from({ length: N * N }, (_, p) => {
    let v = level;
    for (const [x, y, f] of at)
      v += f * Math.exp(-(((p % N) - x) ** 2 + (Math.floor(p / N) - y) ** 2) / (2 * sigma ** 2));
    return v;
  });
}

const options = {
  threshold: 2,
  fwhm: 2.8,
  sigmaRadius: 1.5,
  separation: 2,
  sharpness: [0, 2] as const,
  roundness: [-1, 1] as const,
  brightest: undefined,
  peakmax: undefined,
};

describe("WASM and plain kernels give the same", () => {
  const [ny, nx] = [37, 53];
  const r = random(3);
  const data = Float32Array.from({ length: ny * nx }, (_, p) => (p % 3 === 0 ? -1 : 1) * r.uniform() ** 9 * 1e3);
  const holes = Float32Array.from(data, (v, p) => (p % 101 === 17 ? Number.NaN : v));
  const masked = Uint8Array.from(data, (_, p) => (p % 31 === 5 || (p > 900 && p < 1100) ? 1 : 0));

  test.each([0.4, 1.06, 2.3])("convolutions, sigma %f", (sigma) => {
    for (const kernel of [gaussianKernel(sigma), starKernel(sigma * 2.35, 1.5)])
      for (const image of [data, holes]) {
        expect(convolve(image, ny, nx, kernel)).toEqual(
          convolvePlain(image, ny, nx, kernel, new Float32Array(data.length)),
        );
        for (const mask of [masked, new Uint8Array(data.length)])
          expect(convolveKnown(image, mask, ny, nx, kernel)).toEqual(convolveKnownPlain(image, mask, ny, nx, kernel));
      }
    expect(convolveSimd(data, masked, ny, nx, gaussianKernel(sigma), new Float32Array(data.length))).toBeDefined();
  });

  test("statistics of boxes", () => {
    holes[0] = Number.POSITIVE_INFINITY;
    const [simd, plain] = [boxMeter(ny, nx), plainBoxMeter(ny * nx)];
    for (const [x0, x1, y0, y1] of [
      [0, 53, 0, 37],
      [3, 9, 4, 5],
      [40, 53, 30, 37],
      [20, 21, 10, 11],
      [10, 30, 18, 20],
    ])
      expect(simd(holes, masked, nx, { x0, x1, y0, y1 })).toEqual(plain(holes, masked, nx, { x0, x1, y0, y1 }));
    expect(simd(holes, new Uint8Array(data.length).fill(1), nx, { x0: 0, x1: 53, y0: 0, y1: 37 }).kept).toBe(0);
  });
});

describe("star finders", () => {
  const image = stars([
    [10.3, 12.7, 100],
    [28.6, 25.1, 50],
  ]);

  test.each([
    ["DAOFIND", daoStars],
    ["IRAF", irafStars],
  ])("%s finds positions", (_, find) => {
    const found = find(image, none, N, N, options);
    expect(found).toHaveLength(2);
    expect(Math.abs(found[0].x - 10.3)).toBeLessThan(0.15);
    expect(Math.abs(found[0].y - 12.7)).toBeLessThan(0.15);
    expect(Math.abs(found[1].x - 28.6)).toBeLessThan(0.15);
    expect(found[1].flux / found[0].flux).toBeCloseTo(0.5, 1);
  });

  test("limits: the brightest, the peak, sharpness, the mask", () => {
    expect(daoStars(image, none, N, N, { ...options, brightest: 1 })).toHaveLength(1);
    expect(irafStars(image, none, N, N, { ...options, peakmax: 60 })[0].x).toBeCloseTo(28.7, 1);
    expect(daoStars(image, none, N, N, { ...options, sharpness: [3, 4] })).toEqual([]);
    const masked = Uint8Array.from(image, (v) => (v > 60 ? 1 : 0));
    expect(irafStars(image, masked, N, N, options)).toHaveLength(1);
  });

  test("beside a NaN there is no star, and no pixel next to its peak is taken for one", () => {
    const ringed = stars([[15, 20, 100]]);
    // Inside the square of the kernel but outside its circle.
    ringed[18 * N + 16] = Number.NaN;
    expect(starKernel(2.5, 1.5).size).toBe(5);
    expect(irafStars(ringed, none, N, N, { ...options, fwhm: 2.5 })).toEqual([]);
  });

  test("the kernel has sum zero inside its radius", () => {
    const { values, mask, npixels } = starKernel(2.5, 1.5);
    expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
    expect(mask.reduce((a, b) => a + b, 0)).toBe(npixels);
    expect(npixels).toBe(13);
  });

  test("peaks of equal height nearer than the radius are both peaks", () => {
    const flat = new Float32Array(N * N);
    flat[5 * N + 5] = 3;
    flat[5 * N + 6] = 3;
    flat[20 * N + 20] = 3;
    flat[20 * N + 21] = 4;
    expect([...findPeaks(flat, none, N, N, 1, 2)]).toEqual([5, 5, 6, 5, 21, 20]);
  });
});

describe("convolution", () => {
  test("keeps the sum, and fills gaps", () => {
    const kernel = gaussianKernel(1);
    const point = new Float32Array(N * N);
    point[20 * N + 20] = 1;
    expect(convolve(point, N, N, kernel).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    const flat = new Float32Array(N * N).fill(3);
    flat[20 * N + 20] = Number.NaN;
    expect(convolveKnown(flat, none, N, N, kernel)[20 * N + 20]).toBeCloseTo(3, 5);
    // Zeros outside the image count as values.
    expect(convolveKnown(flat, none, N, N, kernel)[0]).toBeLessThan(3);
  });

  test("a square alone is that of the whole image, at edges and beside a NaN too", () => {
    const kernel = starKernel(2.5, 1.5);
    const image = stars([
      [1, 2, 30],
      [37, 38, 50],
      [20, 20, 80],
    ]);
    image[19 * N + 22] = Number.NaN;
    const whole = convolve(image, N, N, kernel);
    for (const [x0, y0] of [
      [-2, -1],
      [36, 37],
      [18, 17],
    ]) {
      const square = convolveSquare(image, N, N, kernel, x0, y0, 5);
      const wanted = Array.from({ length: 25 }, (_, p) => {
        const [x, y] = [x0 + (p % 5), y0 + Math.floor(p / 5)];
        return x >= 0 && x < N && y >= 0 && y < N ? whole[y * N + x] : 0;
      });
      expect([...square]).toEqual(wanted);
    }
  });

  test("gaps take their share of the kernel off, in every row", () => {
    const kernel = gaussianKernel(1);
    const image = stars([[20, 20, 80]], 3, 2);
    const mask = Uint8Array.from(image, (_, p) => (p % 7 === 0 ? 1 : 0));
    const found = convolveKnown(image, mask, N, N, kernel);
    const h = (kernel.size - 1) / 2;
    for (const [x, y] of [
      [0, 0],
      [20, 21],
      [39, 33],
    ]) {
      let [sum, weight] = [0, 1];
      for (let j = -h; j <= h; j++)
        for (let i = -h; i <= h; i++) {
          const w = kernel.values[(j + h) * kernel.size + i + h];
          const inside = x + i >= 0 && x + i < N && y + j >= 0 && y + j < N;
          const p = (y + j) * N + x + i;
          if (inside && mask[p] !== 0) weight -= w;
          else if (inside) sum += image[p] * w;
        }
      expect(found[y * N + x]).toBeCloseTo(sum / weight, 5);
    }
  });
});

describe("background", () => {
  test("a level with a star: the star is clipped", () => {
    const image = stars([[20, 20, 500]], 1.2, 7);
    for (let p = 0; p < image.length; p++) image[p] += ((p * 7919) % 101) / 100 - 0.5;
    const found = backgroundMeshes(image, none, N, N, 20) as BackgroundMeshes;
    const out = new Float32Array(N * N);
    expect(meshImage(found.levels, found, none, N, N, out)[0]).toBeCloseTo(7, 1);
    expect(meshImage(found.noise, found, none, N, N, out)[0]).toBeCloseTo(Math.sqrt(1 / 12), 1);
  });

  test("masked pixels get 0; nothing to go by gives nothing", () => {
    const mask = none.slice();
    mask[3] = 1;
    const found = backgroundMeshes(stars([], 1, 2), mask, N, N, 100) as BackgroundMeshes;
    const image = meshImage(found.levels, found, mask, N, N, new Float32Array(N * N));
    expect([...image.subarray(2, 5)]).toEqual([2, 0, 2]);
    expect(
      backgroundMeshes(
        stars([]),
        none.map(() => 1),
        N,
        N,
        10,
      ),
    ).toBeUndefined();
  });
});

describe("segments", () => {
  test("corners connect eight neighbours, not four", () => {
    const mask = Uint8Array.of(1, 0, 0, 1);
    expect(labelRegions(mask, 2, 2, 8).count).toBe(1);
    expect([...labelRegions(mask, 2, 2, 4).labels]).toEqual([1, 0, 0, 2]);
    expect(labelRegions(mask, 2, 2, 4, 2).count).toBe(0);
  });

  test("a watershed: the pixel in the valley goes to the higher shore", () => {
    const data = Float32Array.of(5, 3, 1, 2, 6);
    const markers = Int32Array.of(1, 0, 0, 0, 2);
    watershed(data, markers, new Uint8Array(5).fill(1), 1, 5, 8);
    expect([...markers]).toEqual([1, 1, 1, 2, 2]);
  });

  const pair = stars(
    [
      [17, 20, 100],
      [23, 20, 80],
    ],
    1.6,
  );
  const deblend = { npixels: 5, nlevels: 32, contrast: 0.001, mode: "exponential" as const, connectivity: 8 as const };

  test.each(["exponential", "linear", "sinh"] as const)("two sources are split, %s", (mode) => {
    const threshold = new Float32Array(N * N).fill(1);
    const one = detectSegments(pair, threshold, none, N, N, 5, 8);
    expect(one.count).toBe(1);
    const two = deblendSegments(pair, { ...one, labels: one.labels.slice() }, N, { ...deblend, mode });
    expect(two.count).toBe(2);
    const sources = measureSegments(pair, pair, pair, none, two, N, N);
    expect(sources[0].x).toBeCloseTo(17, 0);
    expect(sources[1].x).toBeCloseTo(23, 0);
    expect(sources[0].area + sources[1].area).toBe(one.labels.reduce((a, b) => a + b, 0));
    expect(deblendSegments(pair, one, N, { ...deblend, contrast: 0.49 }).count).toBe(1);
  });

  test("a rectangle: its centre, area, error and moments", () => {
    const data = new Float32Array(N * N);
    for (let y = 10; y < 13; y++) for (let x = 20; x < 27; x++) data[y * N + x] = 2;
    const error = new Float32Array(N * N).fill(0.5);
    const segments = detectSegments(data, new Float32Array(N * N).fill(1), none, N, N, 1, 8);
    const [s] = measureSegments(data, data, error, none, segments, N, N, 4);
    expect([s.x, s.y, s.area, s.flux]).toEqual([23, 11, 21, 42]);
    expect(s.fluxError).toBeCloseTo(0.5 * Math.sqrt(21), 12);
    // (n^2 - 1) / 12 for n equal points
    expect(s.semimajor).toBeCloseTo(2, 12);
    expect(s.semiminor).toBeCloseTo(Math.sqrt(8 / 12), 12);
    expect(s.orientation).toBe(0);
  });

  test("a thin source is widened by a pixel", () => {
    const data = new Float32Array(N * N);
    data[5 * N + 5] = 9;
    const segments = detectSegments(data, new Float32Array(N * N).fill(1), none, N, N, 1, 8);
    const [s] = measureSegments(data, data, undefined, none, segments, N, N);
    expect(s.semimajor).toBeCloseTo(Math.sqrt(1 / 12), 12);
    expect(s.fluxError).toBeNaN();
  });
});

test("every finder finds the stars above the background", () => {
  const image = stars(
    [
      [10, 12, 100],
      [28, 25, 60],
    ],
    1.2,
    5,
  );
  for (let p = 0; p < image.length; p++) image[p] += ((p * 7919) % 101) / 100;
  const common = {
    snr: 8,
    fwhm: 2.8,
    backgroundBox: 100,
    stars: options,
    npixels: 5,
    connectivity: 8 as const,
    nlevels: 16,
    contrast: 0.01,
    mode: "exponential" as const,
    localWidth: 0,
    deblend: true,
  };
  for (const finder of ["dao", "iraf", "segmentation"] as const) {
    const found = findSources(image, image, none, N, N, { ...common, finder });
    expect((found?.stars.length ?? 0) + (found?.sources.length ?? 0)).toBe(2);
  }
  expect(
    findSources(
      image,
      image,
      none.map(() => 1),
      N,
      N,
      { ...common, finder: "dao" },
    ),
  ).toBeUndefined();
});

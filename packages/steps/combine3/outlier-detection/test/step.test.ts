import { ndarray } from "@calwebb/array";
import { type CubeModel, createModel, type ImageModel, ModelContainer } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { celestialFrame, FitsImaging, frame2D, Projection, setWcs, sRegionOf, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { OutlierDetectionStep } from "../src/index.js";

const SCALE = 0.063 / 3600;
const SIZE = 40;

function cube(type = "NRC_CORON", n = 6): CubeModel {
  const data = ndarray("float32", [n, 4, 5]);
  for (let p = 0; p < data.data.length; p++) data.data[p] = 5 + 0.1 * ((p * 7) % 5);
  data.data[2 * 20 + 7] = 50;
  const err = ndarray("float32", [n, 4, 5]);
  err.data.fill(0.5);
  return createModel("CubeModel", {
    data,
    err,
    dq: ndarray("uint32", [n, 4, 5]),
    meta: { filename: "x_calints.fits", exposure: { type, nints: n } },
  });
}

/** Repeatable noise of unit variance. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A dithered exposure of a star field with cosmic rays; gives their places. */
function exposure(k: number): { model: ImageModel; rays: number[] } {
  const [dx, dy] = [
    [0, 0],
    [2.3, 1.4],
    [-1.7, 2.6],
    [3.1, -2.2],
    [-2.9, -1.3],
  ][k];
  const transform = new FitsImaging({
    crpix: [SIZE / 2 + dx, SIZE / 2 + dy],
    crval: [53.1, -27.8],
    cdelt: [-SCALE, SCALE],
    pc: [1, 0, 0, 1],
    projection: new Projection("gnomonic", "pix2sky"),
  });
  const wcs = new Wcs([{ frame: frame2D("detector"), transform }, { frame: celestialFrame("world") }]);
  wcs.boundingBox = [
    [-0.5, SIZE - 0.5],
    [-0.5, SIZE - 0.5],
  ];
  const plane = (v: number) => {
    const a = ndarray("float32", [SIZE, SIZE]);
    a.data.fill(v);
    return a;
  };
  const data = plane(0);
  const random = noise(1000 + 77 * k);
  for (let j = 0; j < SIZE; j++)
    for (let i = 0; i < SIZE; i++) {
      let v = 1 + 0.05 * random();
      for (const [x, y, flux] of [
        [10, 12, 6],
        [25, 28, 3],
        [30, 9, 9],
      ])
        v += flux * Math.exp(-((i - x - dx) ** 2 + (j - y - dy) ** 2) / 2 / 1.6 ** 2);
      data.data[j * SIZE + i] = v;
    }
  const rays = Array.from({ length: 8 }, (_, n) => (5 + ((n * 4 + k) % 30)) * SIZE + 5 + ((n * 11 + 3 * k) % 30));
  for (const p of rays) data.data[p] += 3;
  const model = createModel("ImageModel", {
    data,
    err: plane(0.05),
    dq: ndarray("uint32", [SIZE, SIZE]),
    var_rnoise: plane(0.0025),
    meta: {
      filename: `x_0000${k + 1}_cal.fits`,
      group_id: `g${k}`,
      exposure: { type: "NRC_IMAGE", exposure_time: 100 },
      wcsinfo: { ra_ref: 53.1, dec_ref: -27.8, roll_ref: 0, v3yangle: 0, vparity: -1, s_region: sRegionOf(wcs) },
    },
  });
  setWcs(model, wcs);
  return { model, rays };
}

const call = (input: unknown, params = {}): Promise<unknown> => OutlierDetectionStep.call(input as never, params);
const outliers = (model: ImageModel | CubeModel): number[] =>
  [...model.dq.data.keys()].filter((p) => (model.dq.data[p] & pixel.OUTLIER) !== 0);

stepConformance(OutlierDetectionStep, { input: cube });
truthSuite(OutlierDetectionStep, new URL("./truth/", import.meta.url));

describe("OutlierDetectionStep", () => {
  test("finds the cosmic rays of dithered exposures and next to nothing else", async () => {
    const made = [0, 1, 2, 3, 4].map(exposure);
    const input = new ModelContainer(made.map((m) => m.model));
    const out = (await call(input)) as ModelContainer;
    let [hits, rays, false_] = [0, 0, 0];
    for (const [k, { rays: places }] of made.entries()) {
      const found = outliers(out.at(k) as ImageModel);
      hits += places.filter((p) => found.includes(p)).length;
      rays += places.length;
      false_ += found.filter((p) => !places.includes(p)).length;
      for (const p of found) expect((out.at(k) as ImageModel).data.data[p]).toBeNaN();
    }
    expect(rays).toBe(40);
    expect(hits).toBeGreaterThanOrEqual(38);
    expect(false_).toBeLessThan(8);
    expect(outliers(made[0].model)).toEqual([]);
  });

  test("in memory and on disk give the same", async () => {
    for (const resample_data of [true, false]) {
      const input = new ModelContainer([0, 1, 2].map((k) => exposure(k).model));
      const one = (await call(input, { resample_data })) as ModelContainer;
      const other = (await call(input, { resample_data, in_memory: false })) as ModelContainer;
      for (let k = 0; k < 3; k++) {
        const [a, b] = [one.at(k) as ImageModel, other.at(k) as ImageModel];
        await b.load();
        expect(b.data.flat()).toEqual(a.data.flat());
        expect(b.dq.flat()).toEqual(a.dq.flat());
        expect(b.meta.filename).toBe(a.meta.filename);
        expect(b.meta.cal_step.outlier_detection).toBe("COMPLETE");
      }
    }
  });

  test("cubes of integrations", async () => {
    expect(outliers((await call(cube())) as CubeModel)).toEqual([47]);
    expect(outliers((await call(cube("NRC_TSIMAGE"), { rolling_window_width: 3 })) as CubeModel)).toEqual([47]);
    expect(outliers((await call(cube("NRC_TSIMAGE"))) as CubeModel)).toEqual([47]);
    const without = cube();
    without.delete("dq");
    expect(outliers((await call(without)) as CubeModel)).toEqual([47]);
  });

  test("one exposure, or a type without a way, is left as it is and says so", async () => {
    const { model } = exposure(0);
    const out = (await call(new ModelContainer([model]))) as ModelContainer;
    expect(out.at(0)?.meta.cal_step.outlier_detection).toBe("FAILED");
    model.meta.exposure.type = "NRC_TACQ";
    expect(((await call(model)) as ImageModel).meta.cal_step.outlier_detection).toBe("FAILED");
  });

  test("a mode that is given wins over the type of the exposures", async () => {
    const odd = cube("NRC_TACQ");
    const found = outliers((await call(odd.clone(), { mode: "coron" })) as CubeModel);
    expect(found).toEqual(outliers((await call(cube("NRC_CORON"))) as CubeModel));
    expect(found.length).toBeGreaterThan(0);
    await expect(call(cube("NRC_CORON"), { mode: "imaging" })).resolves.toHaveProperty(
      "meta.cal_step.outlier_detection",
      "FAILED",
    );
  });

  test("what cannot be done is refused with a reason", async () => {
    for (const type of ["NRS_IFU", "NRC_WFSS", "NIS_SOSS"])
      await expect(call(cube(type))).rejects.toThrow(new RegExp(`not of spectra like ${type}`));
    await expect(call(cube(), { snr: "5" })).rejects.toThrow(/snr is two numbers/);
    await expect(call(cube(), { scale: "a b" })).rejects.toThrow(/scale is two numbers/);
    const image = exposure(0).model;
    image.meta.exposure.type = "NRC_CORON";
    await expect(call(image)).rejects.toThrow(/cube of integrations is needed/);
    await expect(call(new ModelContainer([cube("NRC_IMAGE"), cube("NRC_IMAGE")]))).rejects.toThrow(/images are needed/);
    const small = createModel("ImageModel", { shape: [3, 3], meta: { exposure: { type: "NRC_IMAGE" } } });
    await expect(call(new ModelContainer([exposure(0).model, small]), { resample_data: false })).rejects.toThrow(
      /one size.*3 x 3/,
    );
    await expect(call(new ModelContainer())).rejects.toThrow(/no exposures/);
  });
});

import { ndarray } from "@calwebb/array";
import { createModel, type ImageModel, ModelContainer } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import {
  celestialFrame,
  FitsImaging,
  frame2D,
  Projection,
  parseSRegion,
  setWcs,
  spectralFrame,
  sRegionOf,
  Wcs,
  wcsOf,
} from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { ResampleStep } from "../src/index.js";

const SCALE = 0.063 / 3600;

/** An exposure of ones on a tangent plane, `dx` pixels off. */
function exposure(dx = 0, n = 1, size = 12): ImageModel {
  const transform = new FitsImaging({
    crpix: [size / 2 - dx, size / 2],
    crval: [53.1, -27.8],
    cdelt: [-SCALE, SCALE],
    pc: [1, 0, 0, 1],
    projection: new Projection("gnomonic", "pix2sky"),
  });
  const wcs = new Wcs([{ frame: frame2D("detector"), transform }, { frame: celestialFrame("world") }]);
  wcs.boundingBox = [
    [-0.5, size - 0.5],
    [-0.5, size - 0.5],
  ];
  const data = ndarray("float32", [size, size]);
  data.data.fill(1);
  const variance = (v: number) => {
    const a = ndarray("float32", [size, size]);
    a.data.fill(v);
    return a;
  };
  const model = createModel("ImageModel", {
    data,
    err: variance(0.3),
    dq: ndarray("uint32", [size, size]),
    var_rnoise: variance(0.04),
    var_poisson: variance(0.03),
    var_flat: variance(0.02),
    meta: {
      filename: `x_0000${n}_cal.fits`,
      group_id: `g${n}`,
      exposure: { type: "NRC_IMAGE", exposure_time: 100, start_time: 60000 + n, end_time: 60001 + n, duration: 110 },
      wcsinfo: { ra_ref: 53.1, dec_ref: -27.8, roll_ref: 0, v3yangle: 0, vparity: -1, s_region: sRegionOf(wcs) },
    },
  });
  setWcs(model, wcs);
  return model;
}

const call = (input: ImageModel | ModelContainer, params = {}, options = {}): Promise<ImageModel> =>
  ResampleStep.call(input as never, params, options);

stepConformance(ResampleStep, { input: exposure });
truthSuite(ResampleStep, new URL("./truth/", import.meta.url));

describe("ResampleStep", () => {
  test("flux and errors of a mean of two exposures", async () => {
    const out = await call(new ModelContainer([exposure(0, 1), exposure(0, 2)]), {}, { references: {} });
    const middle = [6, 6] as const;
    expect(out.data.get(...middle)).toBeCloseTo(1, 5);
    expect(out.var_rnoise.get(...middle)).toBeCloseTo(0.02, 4);
    expect(out.err.get(...middle)).toBeCloseTo(Math.sqrt(0.045), 4);
    expect(out.con?.get(0, ...middle)).toBe(3);
    expect(out.meta.resample.pointings).toBe(2);
    expect(out.meta.exposure.exposure_time).toBe(200);
    expect(out.meta.exposure.start_time).toBe(60001);
    expect(out.meta.exposure.measurement_time).toBeUndefined();
  });

  test("more than 32 exposures need a second plane of the context", async () => {
    const many = Array.from({ length: 34 }, (_, i) => exposure(0, i + 1, 6));
    const out = await call(new ModelContainer(many), { blendheaders: false });
    expect(out.con?.shape[0]).toBe(2);
    expect(out.con?.get(0, 3, 3)).toBe(-1);
    expect(out.con?.get(1, 3, 3)).toBe(3);
  });

  test("the number of pieces does not matter", async () => {
    const params = { pixel_scale_ratio: 0.04, blendheaders: false };
    const both = new ModelContainer([exposure(0, 1), exposure(2.3, 2)]);
    const one = await call(both, params);
    let pieces = 0;
    const backwards = {
      workers: 3,
      run: async <A, R>(task: { fn: (a: A) => R | Promise<R> }, args: readonly A[]): Promise<R[]> => {
        pieces = Math.max(pieces, args.length);
        const done: R[] = [];
        for (let i = args.length - 1; i >= 0; i--) done[i] = await task.fn(args[i]);
        return done;
      },
    };
    const other = await call(both, params, { executor: backwards });
    expect(pieces).toBeGreaterThan(1);
    expect(other.data.flat()).toEqual(one.data.flat());
    expect(other.err.flat()).toEqual(one.err.flat());
  });

  test("all weights alike, fill values, no error", async () => {
    const one = exposure();
    one.dq.data[0] = 1;
    const out = await call(one, { weight_type: null, fillval: "-7", enable_err: false });
    expect(out.wht.get(5, 5)).toBeCloseTo(1, 4);
    expect([...out.data.flat()].filter((v) => v === -7).length).toBeGreaterThan(0);
    expect(out.hasArray("err")).toBe(false);
    expect(out.hasArray("var_flat")).toBe(false);
  });

  test("a WCS from the user's file decides the output", async () => {
    const wcs = wcsOf(exposure())?.clone() as Wcs;
    wcs.pixelShape = [9, 7];
    const tree = { wcs: wcs.toAsdf(), pixel_scale: 0.063 };
    const { encodeAsdf } = await import("./asdf.js");
    const path = await encodeAsdf(tree);
    const out = await call(exposure(), { output_wcs: path });
    expect(out.data.shape).toEqual([7, 9]);
    expect(out.meta.resample.pixel_scale_ratio).toBeCloseTo(1, 4);
    expect(out.meta.wcsinfo.cdelt1).toBeCloseTo(-SCALE, 12);
  });

  test.each([
    [{ output_shape: [200000, 200000] }, /200000 x 200000 pixels would take .* GB/],
    [{ pixel_scale: 1e-6 }, /would take .* GB/],
    [{ crpix: [1] }, /crpix/],
    [{ fillval: "none" }, /fillval "none"/],
    [{ pixmap_stepsize: 2, pixmap_order: 2 }, /order 1 or 3/],
    [{ pixel_scale: -1 }, /must be positive/],
  ])("%j is refused", async (params, message) => {
    await expect(call(exposure(0, 1, 40), params)).rejects.toThrow(message);
  });

  test("cubes, spectra and exposures without WCS or footprint are refused by name", async () => {
    const cube = createModel("CubeModel", { shape: [2, 4, 4], meta: { filename: "c_calints.fits" } });
    await expect(call(cube as never)).rejects.toThrow(/c_calints\.fits is a CubeModel/);
    const bare = exposure();
    bare.delete("meta.wcs");
    await expect(call(bare)).rejects.toThrow(/x_00001_cal\.fits has no WCS/);
    const lost = exposure();
    lost.delete("meta.wcsinfo.s_region");
    await expect(call(lost)).rejects.toThrow(/no S_REGION/);
    const spectrum = exposure();
    const { forwardTransform } = wcsOf(spectrum) as Wcs;
    setWcs(
      spectrum,
      new Wcs([{ frame: frame2D("detector"), transform: forwardTransform }, { frame: spectralFrame("world") }]),
    );
    await expect(call(spectrum)).rejects.toThrow(/not an image of the sky/);
    await expect(call(new ModelContainer())).rejects.toThrow(/no exposures/);
  });

  test("the footprint of the product is the union of those of the exposures", async () => {
    const out = await call(new ModelContainer([exposure(0, 1), exposure(4, 2)]), { blendheaders: false });
    const corners = parseSRegion(out.meta.wcsinfo.s_region as string);
    expect(corners.length).toBe(4);
    const ra = corners.map((c) => c[0]);
    const width = (Math.max(...ra) - Math.min(...ra)) * Math.cos((27.8 * Math.PI) / 180);
    expect(width / SCALE).toBeGreaterThan(15);
    expect(width / SCALE).toBeLessThan(16.01);
  });
});

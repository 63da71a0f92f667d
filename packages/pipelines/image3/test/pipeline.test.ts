import { ndarray } from "@calwebb/array";
import { createModel, type ImageModel, type Model, ModelContainer } from "@calwebb/datamodels";
import { defineStep, memoryHost, type Step, string } from "@calwebb/stpipe";
import { truthSuite } from "@calwebb/testing";
import { celestialFrame, FitsImaging, frame2D, Projection, setWcs, sRegionOf, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { Image3Pipeline } from "../src/index.js";
import { scienceOf } from "../src/process.js";

truthSuite(Image3Pipeline as never, new URL("./truth/", import.meta.url));

const SIZE = 12;
const SCALE = 0.063 / 3600;

/** An exposure of a constant on a tangent plane. */
function exposure(n: number, value = 1, target?: string): ImageModel {
  const transform = new FitsImaging({
    crpix: [SIZE / 2, SIZE / 2],
    crval: [53.1, -27.8],
    cdelt: [-SCALE, SCALE],
    pc: [1, 0, 0, 1],
    projection: new Projection("gnomonic", "pix2sky"),
  });
  const wcs = new Wcs([{ frame: frame2D("detector"), transform }, { frame: celestialFrame("world") }]);
  const side: [number, number] = [-0.5, SIZE - 0.5];
  wcs.boundingBox = [side, side];
  const filled = (v: number) => {
    const a = ndarray("float32", [SIZE, SIZE]);
    a.data.fill(v);
    return a;
  };
  const model = createModel("ImageModel", {
    data: filled(value),
    err: filled(0.3),
    dq: ndarray("uint32", [SIZE, SIZE]),
    var_rnoise: filled(0.04),
    var_poisson: filled(0.03),
    var_flat: filled(0.02),
    meta: {
      filename: `x_0000${n}_cal.fits`,
      group_id: `g${n}`,
      instrument: { name: "NIRCAM" },
      exposure: { type: "NRC_IMAGE", exposure_time: 100, start_time: 60000 + n, end_time: 60001 + n, duration: 110 },
      target: { type: target },
      wcsinfo: { ra_ref: 53.1, dec_ref: -27.8, roll_ref: 0, v3yangle: 0, vparity: -1, s_region: sRegionOf(wcs) },
    },
  });
  setWcs(model, wcs);
  return model;
}

function container(models: Model[]): ModelContainer {
  const out = new ModelContainer(models);
  out.asnTable = { asn_id: "o001", products: [{ name: "jw1-o001_t001", members: [] }] } as never;
  return out;
}

const call = (input: unknown, params: object = {}, options: object = {}): Promise<unknown> =>
  Image3Pipeline.call(input as never, params as never, options as never);

/** The pipeline with steps that only write down that they ran, and how many exposures they got. */
function recording(calls: string[], mosaic: Model | undefined = createModel("ImageModel")) {
  const fake = (alias: string, result: (input: unknown) => unknown): Step =>
    defineStep({
      alias,
      className: alias,
      classPath: alias,
      description: "",
      input: ["ModelContainer", "ImageModel"] as never,
      output: "ImageModel",
      calStep: alias === "source_catalog" ? null : (alias as never),
      parameters: { suffix: string({ default: alias, help: "" }) },
      load: async () => ({
        process: (input: unknown, ctx: { params: { suffix: unknown } }) => {
          calls.push(`${alias} ${ctx.params.suffix} ${input instanceof ModelContainer ? input.length : "image"}`);
          return result(input);
        },
      }),
    } as never) as never;
  const same = (input: unknown): unknown => input;
  const steps = ["assign_mtwcs", "tweakreg", "skymatch", "outlier_detection"].map((alias) => [
    alias,
    fake(alias, same),
  ]);
  return Image3Pipeline.with({
    ...Object.fromEntries(steps),
    resample: fake("resample", () => mosaic ?? { skip: "no" }),
    source_catalog: fake("source_catalog", same),
  });
}

const after = [
  "skymatch skymatch 2",
  "outlier_detection crf 2",
  "resample i2d 2",
  "source_catalog source_catalog image",
];

describe("calwebb_image3", () => {
  test.each([
    [undefined, "tweakreg tweakreg 2"],
    ["FIXED", "tweakreg tweakreg 2"],
    ["MOVING", "assign_mtwcs assign_mtwcs 2"],
  ])("order of the steps, target %s", async (target, first) => {
    const calls: string[] = [];
    const models = [exposure(1, 1, target), exposure(2, 1, target)];
    await recording(calls).call(container(models) as never);
    expect(calls).toEqual([first, ...after]);
  });

  test("one exposure, and a list of them, go the same way", async () => {
    const calls: string[] = [];
    await recording(calls).call(exposure(1) as never);
    expect(calls).toEqual(["tweakreg tweakreg 1", ...after.map((c) => c.replace(/2$/, "1"))]);
    calls.length = 0;
    await recording(calls).call([exposure(1), exposure(2)] as never);
    expect(calls).toEqual(["tweakreg tweakreg 2", ...after]);
  });

  test("without a mosaic there is no catalog", async () => {
    const calls: string[] = [];
    const result = await recording(calls).call(
      container([exposure(1), exposure(2)]) as never,
      { steps: { resample: { skip: true }, tweakreg: { skip: true } } } as never,
    );
    expect(calls).toEqual(after.slice(0, 2));
    expect((result as unknown as ModelContainer).length).toBe(2);
  });

  test("only science exposures are used", () => {
    const other = exposure(2);
    other.meta.asn.exptype = "background";
    const input = container([exposure(1), other]);
    const science = scienceOf(input);
    expect(science.map((m) => m.meta.filename)).toEqual(["x_00001_cal.fits"]);
    expect(science.asnTable).toBe(input.asnTable);
    expect(() => scienceOf([other])).toThrow(/no science exposures/);
  });

  test("combines exposures and names the products; the input stays as it is", async () => {
    const host = memoryHost({ files: {} });
    const input = container([exposure(1, 1), exposure(2, 1.5), exposure(3, 1)]);
    (input.at(2) as ImageModel).data.set(80, 5, 5);
    const steps = { tweakreg: { skip: true }, source_catalog: { skip: true } };
    const mosaic = (await call(input, { save_results: true, output_dir: "/out", steps }, { host })) as ImageModel;
    expect([...host.files.keys()].filter((f) => f.startsWith("/out/")).sort()).toEqual([
      "/out/jw1-o001_t001_i2d.fits",
      "/out/x_00001_o001_crf.fits",
      "/out/x_00002_o001_crf.fits",
      "/out/x_00003_o001_crf.fits",
    ]);
    const { cal_step } = mosaic.meta;
    expect([cal_step.tweakreg, cal_step.skymatch, cal_step.outlier_detection, cal_step.resample]).toEqual([
      "SKIPPED",
      "COMPLETE",
      "COMPLETE",
      "COMPLETE",
    ]);
    const [ny, nx] = mosaic.data.shape;
    expect(mosaic.data.get(ny >> 1, nx >> 1)).toBeCloseTo(1, 4);
    expect(Math.max(...mosaic.data.flat().filter(Number.isFinite))).toBeLessThan(2);
    expect((input.at(1) as ImageModel).data.data[0]).toBe(1.5);
    expect(input.at(0)?.meta.cal_step.skymatch).toBeUndefined();
  });

  test("without save_results nothing is written", async () => {
    const host = memoryHost({ files: {} });
    const steps = { tweakreg: { skip: true }, source_catalog: { skip: true } };
    await call([exposure(1), exposure(2)], { output_dir: "/out", steps }, { host });
    expect([...host.files.keys()]).toEqual([]);
  });

  test("a name of the caller goes before that of the association", async () => {
    const host = memoryHost({ files: {} });
    const steps = { tweakreg: { skip: true }, outlier_detection: { skip: true }, source_catalog: { skip: true } };
    await call(container([exposure(1), exposure(2)]), { output_file: "mine", output_dir: "/out", steps }, { host });
    expect([...host.files.keys()]).toEqual(["/out/mine_i2d.fits"]);
  });
});

describe("bad input", () => {
  const files = (host: { files: Map<string, unknown> }) => [...host.files.keys()].sort();
  const crfs = ["/out/x_00001_o001_crf.fits", "/out/x_00002_o001_crf.fits"];
  const skips = { tweakreg: { skip: true }, source_catalog: { skip: true } };
  const run = async (input: unknown, steps: object = {}) => {
    const host = memoryHost({ files: {} });
    const lines: string[] = [];
    const quiet = () => undefined;
    const logger = () => ({ debug: quiet, info: quiet, error: quiet, warn: (line: string) => void lines.push(line) });
    let error: unknown;
    let result: unknown;
    try {
      result = await call(
        input,
        { save_results: true, output_dir: "/out", steps: { ...skips, ...steps } },
        { host, logger },
      );
    } catch (caught) {
      error = caught;
    }
    return { files: files(host), result: result as ImageModel, error: error as Error | undefined, warnings: lines };
  };

  test("an association of stage 2 is refused", async () => {
    const input = container([exposure(1), exposure(2)]);
    input.asnTable = { ...input.asnTable, asn_type: "image2" } as never;
    const { error, files } = await run(input);
    expect(error?.message).toMatch(/image2.*stage 2/);
    expect(files).toEqual([]);
  });

  test("of several products the first is made", async () => {
    const input = container([exposure(1), exposure(2)]);
    input.asnTable = { asn_id: "o001", products: [{ name: "first", members: [] }, { name: "second" }] } as never;
    const { warnings, files } = await run(input);
    expect(warnings.join()).toMatch(/2 products; only the first, first, is made/);
    expect(files).toContain("/out/first_i2d.fits");
  });

  test("exposures of different filters are combined", async () => {
    const models = [exposure(1), exposure(2)];
    models.forEach((m, i) => void (m.meta.instrument.filter = ["F444W", "F356W"][i]));
    const { result, error, warnings } = await run(container(models));
    expect(error).toBeUndefined();
    expect(warnings.join()).toMatch(/different filters are combined: F444W, F356W/);
    expect(result.meta.instrument.filter).toBe("MULTIPLE");
  });

  test.each([
    [[200_000, 200_000], /200000 x 200000.*output_shape/],
    [[0, 5], /output_shape/],
  ])("an output of %j is refused; the exposures are there", async (shape, message) => {
    const { error, files } = await run(container([exposure(1), exposure(2)]), { resample: { output_shape: shape } });
    expect(error?.message).toMatch(message);
    expect(files).toEqual(crfs);
  });

  test("exposures without good pixels: SKIPPED, and a mosaic without data", async () => {
    const models = [exposure(1), exposure(2)];
    for (const m of models) m.dq.data.fill(1);
    const { result, files, error } = await run(container(models));
    expect(error).toBeUndefined();
    expect(result.meta.cal_step.skymatch).toBe("SKIPPED");
    expect(result.data.flat().some(Number.isFinite)).toBe(false);
    expect(files).toEqual(["/out/jw1-o001_t001_i2d.fits", ...crfs]);
  });
});

import { memorySink } from "@calwebb/bytes";
import { createModel, encodeModel, type ImageModel, type Model, tableFrom } from "@calwebb/datamodels";
import { memoryHost } from "@calwebb/stpipe";
import { truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { Image2Pipeline } from "../src/index.js";

truthSuite(Image2Pipeline as never, new URL("./truth/", import.meta.url));

const NONE = {
  find: async (_: unknown, types: readonly string[]) => Object.fromEntries(types.map((t) => [t, "N/A"])),
  prefetch: async () => ({}),
  context: async () => "",
};
const instrument = { name: "NIRCAM", detector: "NRCB1", filter: "F150W", pupil: "CLEAR" };

function rate(value: number, filename?: string): ImageModel {
  const model = createModel("ImageModel", {
    shape: [4, 4],
    meta: {
      filename,
      instrument,
      exposure: { type: "NRC_IMAGE" },
      subarray: { xstart: 1, ystart: 1, xsize: 4, ysize: 4 },
    },
  });
  model.data.data.fill(value);
  return model;
}

const references = () => ({
  photom: createModel("NrcImgPhotomModel", {
    phot_table: tableFrom({
      filter: ["F150W"],
      pupil: ["CLEAR"],
      photmjsr: Float32Array.of(2),
      uncertainty: Float32Array.of(0),
    }),
  }),
});

async function bytes(model: Model): Promise<Uint8Array> {
  const sink = memorySink();
  await encodeModel(model, sink);
  return sink.bytes().slice();
}

const member = (expname: string, exptype = "science") => ({ expname, exptype });
const asn = (products: object[], extra: object = {}) => JSON.stringify({ asn_pool: "p.csv", products, ...extra });
const two = [
  { name: "jw1_a", members: [member("a_rate.fits"), member("b_rate.fits", "background")] },
  { name: "jw1_c", members: [member("c_rate.fits")] },
];

async function host(association: string) {
  return memoryHost({
    files: {
      "/in/x_asn.json": association,
      "/in/a_rate.fits": await bytes(rate(5)),
      "/in/b_rate.fits": await bytes(rate(1)),
      "/in/c_rate.fits": await bytes(rate(7)),
    },
  });
}

type Files = Awaited<ReturnType<typeof host>>;
const run = (input: unknown, files?: Files, params: object = {}): Promise<unknown> =>
  Image2Pipeline.call(
    input as string,
    { steps: { assign_wcs: { skip: true } }, ...params } as never,
    { references: references(), resolver: NONE, ...(files ? { host: files } : {}) } as never,
  );
const written = (files: Files) => [...files.files.keys()].filter((f) => f.startsWith("/out/")).sort();
const saved = { save_results: true, output_dir: "/out" };

describe("calwebb_image2", () => {
  test("calibrates each product of an association; results can be read after they are saved", async () => {
    const files = await host(asn(two));
    const out = (await run("/in/x_asn.json", files, saved)) as ImageModel[];
    expect(written(files)).toEqual(["/out/jw1_a_cal.fits", "/out/jw1_c_cal.fits"]);
    for (const model of out) await model.load();
    expect(out.map((m) => m.data.data[0])).toEqual([8, 14]);
    expect(out.map((m) => m.meta.cal_step.bkg_subtract)).toEqual(["COMPLETE", undefined]);
    expect([out[1].meta.asn.pool_name, out[1].meta.asn.table_name]).toEqual(["p.csv", "x_asn.json"]);
  });

  test("a product that fails does not lose the others", async () => {
    const files = await host(asn([{ name: "jw1_lost", members: [member("none_rate.fits")] }, ...two]));
    await expect(run("/in/x_asn.json", files, saved)).rejects.toThrow(/1 of 3 products failed.*jw1_lost.*none_rate/);
    expect(written(files)).toEqual(["/out/jw1_a_cal.fits", "/out/jw1_c_cal.fits"]);
  });

  test("hooks after the pipeline see models before they are saved", async () => {
    const files = await host(asn(two));
    const brighter = (models: ImageModel[]) => {
      for (const m of models) m.data.data[0] = 99;
    };
    await run("/in/x_asn.json", files, { ...saved, post_hooks: [brighter] });
    const reopened = (await run("/out/jw1_c_cal.fits", files, { steps: skipAll })) as ImageModel;
    expect(reopened.data.data[0]).toBe(99);
  });

  test("the background-subtracted exposure is saved on request", async () => {
    const files = await host(asn(two));
    await run("/in/x_asn.json", files, { ...saved, save_bsub: true });
    expect(written(files)).toContain("/out/jw1_a_bsub.fits");
    expect(written(files)).not.toContain("/out/jw1_c_bsub.fits");
  });

  test("several products do not share an output_file", async () => {
    const files = await host(asn(two));
    await run("/in/x_asn.json", files, { output_file: "mine", output_dir: "/out" });
    expect(written(files)).toEqual(["/out/jw1_a_cal.fits", "/out/jw1_c_cal.fits"]);
    const one = await host(asn([two[1]]));
    await run("/in/x_asn.json", one, { output_file: "mine", output_dir: "/out" });
    expect(written(one)).toEqual(["/out/mine_cal.fits"]);
  });

  test("takes models, which stay as they are", async () => {
    const inputs = [rate(1, "one_rate.fits"), rate(2, "two_rate.fits")];
    const out = (await run(inputs)) as ImageModel[];
    expect(out.map((m) => [m.meta.filename, m.data.data[0]])).toEqual([
      ["one_cal.fits", 2],
      ["two_cal.fits", 4],
    ]);
    expect(inputs.map((m) => m.data.data[0])).toEqual([1, 2]);
    expect(inputs[0].meta.filename).toBe("one_rate.fits");
  });

  test.each([
    [asn([{ name: "x", members: [member("a_rate.fits", "background")] }]), /x has no science member/],
    [asn(two, { asn_type: "image3" }), /stage 3/],
    ["[1]", /not an association/],
  ])("%s is refused", async (text, message) => {
    await expect(run("/in/x_asn.json", await host(text))).rejects.toThrow(message);
  });

  test("ramps are refused by name", async () => {
    const ramp = createModel("RampModel", { shape: [1, 2, 4, 4], meta: { filename: "x_ramp.fits", instrument } });
    await expect(run(ramp)).rejects.toThrow(/x_ramp\.fits is a RampModel; calwebb_image2 takes count rates/);
  });
});

const skipAll = {
  assign_wcs: { skip: true },
  flat_field: { skip: true },
  photom: { skip: true },
  resample: { skip: true },
};

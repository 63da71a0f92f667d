import { createModel, type ModelContainer } from "@calwebb/datamodels";
import { type DeclaredTypes, defineStep, memoryHost, type ProcessOf, runStep, type Step } from "@calwebb/stpipe";
import { describe, expect, test } from "vitest";
import { AddStep, fits, ramp } from "./fixtures.js";

const DoubleStep: Step<DeclaredTypes<readonly ["ModelContainer"], "ImageModel", Record<never, never>, readonly []>> =
  defineStep({
    alias: "skymatch",
    className: "DoubleStep",
    classPath: "test.DoubleStep",
    input: ["ModelContainer"],
    output: "ImageModel",
    parameters: {},
    load: async () => ({ process: double }),
  });

const double: ProcessOf<typeof DoubleStep> = async (models, ctx) => {
  for (const model of models) {
    const image = model as ReturnType<typeof exposure>;
    await image.load("data");
    for (let i = 0; i < image.data.data.length; i++) image.data.data[i] *= 2;
  }
  ctx.nameByAssociation();
  return models;
};

function exposure(value: number, filename: string) {
  const model = createModel("ImageModel", { shape: [2, 2], meta: { filename } });
  model.data.data.fill(value);
  return model;
}

const ASN = {
  asn_id: "o001",
  asn_pool: "pool.csv",
  products: [
    { name: "jw1-o001", members: ["a_cal.fits", "b_cal.fits"].map((expname) => ({ expname, exptype: "science" })) },
  ],
};

async function host(asn: unknown = ASN) {
  return memoryHost({
    files: {
      "/in/jw1_asn.json": typeof asn === "string" ? asn : JSON.stringify(asn),
      "/in/a_cal.fits": await fits(exposure(1, "a_cal.fits")),
      "/in/b_cal.fits": await fits(exposure(3, "b_cal.fits")),
    },
  });
}

describe("an association as input", () => {
  test("its members come as a container and are saved with its identifier", async () => {
    const files = await host();
    const out = (await runStep(DoubleStep, "/in/jw1_asn.json", {
      host: files,
      params: { save_results: true, output_use_model: true, output_dir: "/out" },
    })) as unknown as ModelContainer;
    expect(out.length).toBe(2);
    expect(out.map((m) => (m as ReturnType<typeof exposure>).data.get(0, 0))).toEqual([2, 6]);
    expect(out.at(0)?.meta.asn.pool_name).toBe("pool.csv");
    expect(out.at(1)?.meta.cal_step.skymatch).toBe("COMPLETE");
    expect([...files.files.keys()].filter((f) => f.startsWith("/out"))).toEqual([
      "/out/a_o001_doublestep.fits",
      "/out/b_o001_doublestep.fits",
    ]);
  });

  test("several results are numbered after the association", async () => {
    const files = await host();
    await runStep(DoubleStep, "/in/jw1_asn.json", { host: files, params: { save_results: true, output_dir: "/out" } });
    expect([...files.files.keys()].filter((f) => f.startsWith("/out"))).toEqual([
      "/out/jw1_asn_0_o001_doublestep.fits",
      "/out/jw1_asn_1_o001_doublestep.fits",
    ]);
  });

  test("a step of single exposures refuses it", async () => {
    const run = runStep(AddStep, "/in/jw1_asn.json", { host: await host() });
    await expect(run).rejects.toThrow(/takes one exposure, not an association/);
    expect((await runStep(AddStep, ramp())) as object).toBeDefined();
  });

  test.each([
    ["not JSON", "{", /it is not JSON/],
    ["without products", "{}", /lists no products/],
    [
      "with a member that is not there",
      { products: [{ name: "x", members: [{ expname: "c_cal.fits", exptype: "science" }] }] },
      /c_cal\.fits/,
    ],
  ])("one %s is refused", async (_, asn, message) => {
    await expect(runStep(DoubleStep, "/in/jw1_asn.json", { host: await host(asn) })).rejects.toThrow(message);
  });
});

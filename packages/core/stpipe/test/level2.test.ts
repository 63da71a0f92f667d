import { createModel, type ImageModel } from "@calwebb/datamodels";
import {
  type DeclaredTypes,
  defineStep,
  membersOf,
  memoryHost,
  type ProcessOf,
  parseLevel2,
  runStep,
  type Step,
  scienceOf,
} from "@calwebb/stpipe";
import { describe, expect, test } from "vitest";
import { fits } from "./fixtures.js";

const asn = (extra: object = {}) =>
  JSON.stringify({
    asn_pool: "pool.csv",
    products: [
      {
        name: "jw1_nrcb1",
        members: [
          { expname: "sub/a_rate.fits", exptype: "SCIENCE" },
          { expname: "b_rate.fits", exptype: "background" },
          { expname: "/data/c_rate.fits", exptype: "background" },
        ],
      },
    ],
    ...extra,
  });

describe("a level-2 association", () => {
  test("knows products and members; files with a folder are relative to it", () => {
    const got = parseLevel2(asn(), "/in/x_asn.json");
    expect([got.pool, got.table, got.products[0].name]).toEqual(["pool.csv", "x_asn.json", "jw1_nrcb1"]);
    expect(scienceOf(got.products[0], () => undefined)).toBe("/in/sub/a_rate.fits");
    expect(membersOf(got.products[0], "background")).toEqual(["b_rate.fits", "/data/c_rate.fits"]);
  });

  test.each([
    [asn({ asn_type: "image3" }), /stage 3 \(image3\)/],
    [asn({ asn_rule: "Asn_Lv3Image" }), /stage 3/],
    ["{", /not JSON/],
    ["{}", /no products/],
    [asn({ products: [] }), /no products/],
    [asn({ products: [{ members: [] }] }), /product 1 has no name/],
  ])("%s is refused", (text, message) => {
    expect(() => parseLevel2(text, "x_asn.json")).toThrow(message);
  });

  test("a product without science is refused, of several science members the first is used", () => {
    const member = (expname: string, exptype: string) => ({ expname, exptype });
    const said: string[] = [];
    const two = { name: "p", members: [member("a", "science"), member("b", "science")] };
    expect(scienceOf(two, (m) => said.push(m))).toBe("a");
    expect(said.join()).toMatch(/2 science members/);
    expect(() => scienceOf({ name: "p", members: [member("a", "background")] }, () => undefined)).toThrow(
      /no science member/,
    );
  });
});

const CountStep: Step<DeclaredTypes<"ImageModel", "ImageModel", Record<never, never>, readonly []>> = defineStep({
  alias: "bkg_subtract",
  className: "CountStep",
  classPath: "test.CountStep",
  input: "ImageModel",
  output: "ImageModel",
  associations: "level2",
  parameters: {},
  load: async () => ({ process: count }),
});

const count: ProcessOf<typeof CountStep> = async (model, { association, openModel }) => {
  for (const name of association ? membersOf(association.products[0], "background") : []) {
    const other = (await openModel(name as string)) as ImageModel;
    await other.load("data");
    model.data.data[0] += other.data.data[0];
  }
  return model;
};

test("a step that takes level-2 associations works on the science exposure and finds the rest", async () => {
  const image = (value: number) => {
    const model = createModel("ImageModel", { shape: [1, 1] });
    model.data.data.fill(value);
    return fits(model);
  };
  const host = memoryHost({
    files: {
      "/in/x_asn.json": asn(),
      "/in/sub/a_rate.fits": await image(1),
      "/in/b_rate.fits": await image(10),
      "/data/c_rate.fits": await image(100),
    },
  });
  const out = await runStep(CountStep, "/in/x_asn.json", { host });
  expect(out.data.data[0]).toBe(111);
  const alone = await runStep(CountStep, "/in/sub/a_rate.fits", { host });
  expect(alone.data.data[0]).toBe(1);
});

import { ndarray } from "@calwebb/array";
import { createModel, type ImageModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { GainScaleStep } from "../src/index.js";

function rate(factor?: number): ImageModel {
  const make = () => {
    const a = ndarray("float32", [2, 2]);
    a.data.fill(3);
    return a;
  };
  return createModel("ImageModel", {
    data: make(),
    err: make(),
    var_poisson: make(),
    meta: { instrument: { name: "NIRSPEC" }, exposure: { gain_factor: factor } },
  });
}

stepConformance(GainScaleStep, { input: () => rate(2) });
truthSuite(GainScaleStep, new URL("./truth/", import.meta.url));

describe("GainScaleStep", () => {
  test("scales data and errors by the factor, variances by its square, and makes no arrays", async () => {
    const out = (await GainScaleStep.call(rate(2))) as ImageModel;
    expect(out.data.get(0, 0)).toBe(6);
    expect(out.err.get(1, 1)).toBe(6);
    expect(out.var_poisson?.get(0, 1)).toBe(12);
    expect(out.hasArray("var_rnoise")).toBe(false);
  });

  test("asks for the gain reference only without a keyword, and skips without both", async () => {
    const asked: string[] = [];
    const resolver = {
      find: async (_: unknown, types: readonly string[]) => {
        asked.push(...types.filter((t) => !t.startsWith("pars-")));
        return Object.fromEntries(types.map((t) => [t, "N/A"]));
      },
      prefetch: async () => ({}),
      context: async () => "",
    };
    await GainScaleStep.call(rate(2), {}, { resolver });
    expect(asked).toEqual([]);
    const out = (await GainScaleStep.call(rate(), {}, { resolver })) as ImageModel;
    expect(asked).toEqual(["gain"]);
    expect(out.meta.cal_step.gain_scale).toBe("SKIPPED");
  });
});

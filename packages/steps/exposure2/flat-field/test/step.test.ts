import { ndarray } from "@calwebb/array";
import { createModel, type FlatModel, type ImageModel, type MultiSlitModel } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { FlatFieldStep } from "../src/index.js";

const place = { xstart: 1, ystart: 1, xsize: 3, ysize: 2 };

const filled = (value: number) => {
  const a = ndarray("float32", [2, 3]);
  a.data.fill(value);
  return a;
};

function image(type = "NRC_IMAGE", instrument = "NIRCAM"): ImageModel {
  return createModel("ImageModel", {
    data: filled(6),
    err: filled(1),
    dq: ndarray("uint32", [2, 3]),
    var_poisson: filled(4),
    var_rnoise: filled(8),
    meta: { instrument: { name: instrument }, subarray: place, exposure: { type } },
  });
}

function flat(): FlatModel {
  const data = filled(2);
  data.set(0, 0, Number.NaN);
  return createModel("FlatModel", {
    data,
    err: filled(0.5),
    dq: ndarray("uint32", [2, 3]),
    meta: { instrument: { name: "NIRCAM" }, subarray: place },
  });
}

stepConformance(FlatFieldStep, { input: () => image(), references: () => ({ flat: flat() }) });
truthSuite(FlatFieldStep, new URL("./truth/", import.meta.url));

describe("FlatFieldStep", () => {
  const resolver = {
    find: async (_: unknown, types: readonly string[]) => Object.fromEntries(types.map((t) => [t, "N/A"])),
    prefetch: async () => ({}),
    context: async () => "",
  };
  const call = (input: ImageModel, reference = flat()) =>
    FlatFieldStep.call(input, {}, { references: { flat: reference }, resolver }) as Promise<ImageModel>;

  test("by hand", async () => {
    const reference = flat();
    const out = await call(image(), reference);
    expect(out.data.get(1, 1)).toBe(3);
    expect(out.var_poisson?.get(1, 1)).toBe(1);
    expect(out.var_rnoise?.get(1, 1)).toBe(2);
    expect(out.var_flat?.get(1, 1)).toBe(0.5625);
    expect(out.err.get(1, 1)).toBeCloseTo(Math.sqrt(3.5625), 6);
    expect(out.data.get(0, 0)).toBeNaN();
    expect(out.dq.get(0, 0)).toBe(pixel.DO_NOT_USE | pixel.NO_FLAT_FIELD);
    expect(reference.data.get(0, 0)).toBeNaN();
    expect(reference.dq.get(0, 0)).toBe(0);
  });

  test("NIRSpec spectroscopy says that it is not supported and leaves the data", async () => {
    const warnings: string[] = [];
    const logger = () => ({ debug() {}, info() {}, error() {}, warn: (m: string) => void warnings.push(m) });
    const options = { references: { flat: flat() }, resolver, logger };
    const out = (await FlatFieldStep.call(image("NRS_IFU", "NIRSPEC"), {}, options)) as ImageModel;
    expect(out.meta.cal_step.flat_field).toBe("SKIPPED");
    expect(out.data.get(1, 1)).toBe(6);
    expect(warnings.join()).toMatch(/NIRSpec spectroscopy.*not supported.*NRS_IFU/);
  });

  test("the slits of a cut-out spectrum take their part of the flat", async () => {
    const spectra: MultiSlitModel = createModel("MultiSlitModel", {
      meta: { instrument: { name: "NIRCAM" }, subarray: place, exposure: { type: "NRC_WFSS" } },
    });
    const one = (v: number) => {
      const a = ndarray("float32", [1, 2]);
      a.data.fill(v);
      return a;
    };
    spectra.slits.append({
      data: one(6),
      err: one(1),
      dq: ndarray("uint32", [1, 2]),
      var_poisson: one(4),
      var_rnoise: one(8),
      xstart: 2,
      xsize: 2,
      ystart: 2,
      ysize: 1,
    });
    const reference = flat();
    reference.data.set(1, 2, 4);
    const out = (await FlatFieldStep.call(
      spectra,
      {},
      { references: { flat: reference }, resolver },
    )) as MultiSlitModel;
    expect([...out.slits[0].data!.flat()]).toEqual([3, 1.5]);
  });
});

import { NdArray } from "@calwebb/array";
import { createModel } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { expect, test } from "vitest";
import { asDraft, combineMasks, intermediateModel, sceneMask } from "../src/index.js";

function rate(values: number[], ny: number, nx: number): ReturnType<typeof asDraft> {
  const model = createModel("ImageModel", { data: new NdArray(Float32Array.from(values), [ny, nx]) });
  return asDraft(model);
}

const options = { exposureType: "NRC_IMAGE", scienceRegions: false, sigma: 0, fitHistogram: false };

test("NaN and zeros are no background, nor are bright pixels", () => {
  const r = rate([1, Number.NaN, 0, 1.1, 0.9, 50], 2, 3);
  expect([...sceneMask(r, options)]).toEqual([1, 0, 0, 1, 1, 1]);
  const many = rate([...Array.from({ length: 35 }, (_, i) => 1 + 0.01 * ((i * 7) % 5)), 50], 6, 6);
  expect(sceneMask(many, { ...options, sigma: 2 })[35]).toBe(0);
});

test("science regions depend on the exposure type", () => {
  const r = rate(new Array(1200 * 2).fill(1), 1200, 2);
  r.dq[0] = pixel.NON_SCIENCE;
  r.dq[1] = pixel.MSA_FAILED_OPEN;
  const masked = (exposureType: string, fixedSlits = false): number[] => {
    const mask = sceneMask(r, { ...options, exposureType, fixedSlits, scienceRegions: true });
    return [mask[0], mask[1], mask[1000 * 2], mask[1150 * 2]];
  };
  expect(masked("MIR_IMAGE")).toEqual([0, 1, 1, 1]);
  expect(masked("NRS_FIXEDSLIT")).toEqual([1, 0, 1, 1]);
  expect(masked("NRS_IFU")).toEqual([1, 0, 0, 1]);
  expect(masked("NRS_MSASPEC")).toEqual([1, 0, 0, 1]);
  expect(masked("NRS_MSASPEC", true)).toEqual([1, 0, 1, 1]);
});

test("masks combine to what is set in all planes", () => {
  expect([...combineMasks(Uint8Array.of(1, 1, 0, 1, 0, 1), 2, 3)]).toEqual([1, 0, 0]);
});

test("side products carry the metadata of their source", () => {
  const source = createModel("ImageModel", { data: new NdArray(new Float32Array(4), [2, 2]) });
  source.meta.instrument.detector = "NRS1";
  const out = intermediateModel(source, Uint8Array.of(0, 1, 1, 0), [2, 2]);
  expect(out.modelType).toBe("ImageModel");
  expect(out.meta.instrument.detector).toBe("NRS1");
  expect(intermediateModel(source, new Float32Array(4), [1, 1, 2, 2]).hasArray("groupdq")).toBe(true);
});

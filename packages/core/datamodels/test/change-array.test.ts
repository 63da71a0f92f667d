import { NdArray } from "@calwebb/array";
import { memorySource } from "@calwebb/bytes";
import { describe, expect, test } from "vitest";
import { type ArrayChange, createModel, type ImageModel, openModel } from "../src/index.js";
import { encoded } from "./helpers.js";

const add: ArrayChange = (values, start) => {
  for (let k = 0; k < values.length; k++) values[k] = Number(values[k]) + 100 * (start + k);
};
const image = (): ImageModel =>
  createModel("ImageModel", { data: new NdArray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]) });
const reopened = async (model: ImageModel): Promise<ImageModel> =>
  (await openModel(memorySource(await encoded(model), "x.fits"))) as ImageModel;
const CHANGED = [1, 102, 203, 304, 405, 506];

describe("changeArray", () => {
  test("changes at once what is in memory, a view of other memory too", () => {
    const model = image();
    model.changeArray("data", add);
    expect([...model.data.flat()]).toEqual(CHANGED);
    const view = image();
    view.data = new NdArray(Float32Array.of(1, 4, 2, 5, 3, 6), [3, 2]).transpose() as NdArray<Float32Array>;
    view.changeArray("data", add);
    expect([...view.data.flat()]).toEqual(CHANGED);
  });

  test("what is in the file stays there until it is read, and copies read it on their own", async () => {
    const model = await reopened(image());
    model.changeArray("data", add);
    model.changeArray("data", (values) => {
      values[0] = values[5];
    });
    expect(model.isUnread("data")).toBe(true);
    const copy = model.cloneShallow();
    await copy.load("data");
    expect([...copy.data.flat()]).toEqual([506, ...CHANGED.slice(1)]);
    copy.data.flat().fill(0);
    expect(model.isUnread("data")).toBe(true);
    expect([...model.data.flat()]).toEqual([506, ...CHANGED.slice(1)]);
    expect(model.isUnread("data")).toBe(false);
  });

  test("is saved as it would be read", async () => {
    const model = await reopened(image());
    model.changeArray("data", add);
    model.changeArray("err", add);
    const again = await reopened(model);
    expect(model.isUnread("data")).toBe(true);
    expect([...again.data.flat()]).toEqual(CHANGED);
  });

  test("long arrays are changed in every piece that is written", async () => {
    const n = 3 << 20;
    const model = await reopened(createModel("ImageModel", { data: new NdArray(new Float32Array(n), [1, n]) }));
    model.changeArray("data", (values, start) => {
      for (let k = 0; k < values.length; k++) values[k] = (start + k) >> 20;
    });
    const data = (await reopened(model)).data.flat();
    expect([data[0], data[(1 << 20) - 1], data[1 << 20], data[n - 1]]).toEqual([0, 0, 1, 2]);
  });

  test("nothing happens to an array that is not there", () => {
    const model = image();
    model.changeArray("area", add);
    expect(model.hasArray("area")).toBe(false);
  });
});

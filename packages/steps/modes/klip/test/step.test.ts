import { NdArray, ndarray } from "@calwebb/array";
import { type CubeModel, createModel, type Model } from "@calwebb/datamodels";
import { truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { KlipStep } from "../src/index.js";

truthSuite(KlipStep as never, new URL("./truth/", import.meta.url));

const psf = [5, 1, 3, 3];
const other = [7, 7, 8, 6];

function cube(...images: number[][]): CubeModel {
  const shape = [images.length, 2, 2];
  return createModel("CubeModel", {
    data: new NdArray(Float32Array.from(images.flat()), shape),
    err: ndarray("float32", shape),
    dq: ndarray("uint32", shape),
  });
}

const call = (target: CubeModel, refs: Model, truncate = 50) => KlipStep.call(target, { truncate }, { more: [refs] });

describe("KlipStep", () => {
  test("a target that is like the references disappears, what is not stays", async () => {
    const target = cube([9, 1, 5, 5], [1, 1, -1, -1]);
    const out = await call(target, cube(psf, other));
    for (let i = 0; i < 4; i++) {
      expect(out.data.flat()[i]).toBeCloseTo(0, 5);
      expect(out.data.flat()[4 + i]).toBeCloseTo(i < 2 ? 1 : -1, 5);
    }
    expect(out.meta.cal_step.klip).toBe("COMPLETE");
    expect(target.data.flat()[0]).toBe(9);
  });

  test("a 4-D stack has references for each integration", async () => {
    const data = new NdArray(Float32Array.from([...psf, ...other]), [2, 1, 2, 2]);
    const out = await call(cube([9, 1, 5, 5], [9, 1, 5, 5]), createModel("QuadModel", { data }));
    expect(out.data.flat()[0]).toBeCloseTo(0, 5);
    expect(out.data.flat()[4]).toBeCloseTo(4, 5);
  });

  test("wants references, of the size of the target, for all integrations", async () => {
    await expect(KlipStep.call(cube(psf))).rejects.toThrow(/klip needs two inputs/);
    await expect(call(cube(psf), createModel("CubeModel", { shape: [1, 3, 3] }))).rejects.toThrow(/1 x 3 x 3.*2 x 2/);
    await expect(call(createModel("ImageModel", { shape: [2, 2] }) as never, cube(psf))).rejects.toThrow(
      /the target is of the class ImageModel, 2 x 2; wanted is a cube of images/,
    );
    const few = createModel("QuadModel", { shape: [1, 1, 2, 2] });
    await expect(call(cube(psf, psf), few)).rejects.toThrow(/1 integrations, the target has 2/);
  });
});

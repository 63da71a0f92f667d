import { NdArray, ndarray } from "@calwebb/array";
import { type CubeModel, createModel, ModelContainer } from "@calwebb/datamodels";
import { truthSuite } from "@calwebb/testing";
import { celestialFrame, frame2D, pipe, Scale, Shift, setWcs, sideBySide, Wcs, wcsOf } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { Coron3Pipeline } from "../src/index.js";
import { integrationsOf } from "../src/process.js";

truthSuite(Coron3Pipeline as never, new URL("./truth/", import.meta.url));

const [ny, nx] = [16, 18];

/** Integrations of a star of the given brightness, with a companion. */
function cube(exptype: string, brightness: number[], companion = 0): CubeModel {
  const data = new Float32Array(brightness.length * ny * nx);
  for (const [k, peak] of brightness.entries())
    for (let i = 0; i < ny * nx; i++) {
      const [x, y] = [(i % nx) - 9, Math.floor(i / nx) - 8];
      data[k * ny * nx + i] = peak * Math.exp(-(x * x + y * y) / (5 + k));
    }
  if (companion > 0) for (let k = 0; k < brightness.length; k++) data[k * ny * nx + 3 * nx + 4] += companion;
  const shape = [brightness.length, ny, nx];
  const model = createModel("CubeModel", {
    data: new NdArray(data, shape),
    err: ndarray("float32", shape),
    dq: ndarray("uint32", shape),
    meta: { instrument: { name: "NIRCAM" }, exposure: { type: "NRC_CORON" } },
  });
  model.meta.asn.exptype = exptype;
  const toSky = pipe(sideBySide(new Shift(0), new Shift(0)), sideBySide(new Scale(1e-5), new Scale(1e-5)));
  setWcs(model, new Wcs([{ frame: frame2D("detector"), transform: toSky }, { frame: celestialFrame("world") }]));
  return model;
}

function mask() {
  const data = ndarray("float32", [ny, nx]);
  data.data.fill(1);
  return createModel("PsfMaskModel", { data });
}

describe("Coron3Pipeline", () => {
  test("what the references explain goes, the companion stays", async () => {
    const input = new ModelContainer([cube("psf", [900, 1100, 1000]), cube("science", [1000, 1000], 30)]);
    const skipped = { outlier_detection: { skip: true }, resample: { skip: true } };
    const result = await Coron3Pipeline.call(input as never, { steps: skipped } as never, {
      references: { psfmask: mask() },
    });
    const images = [...(result as unknown as ModelContainer)] as unknown as { data: NdArray<Float32Array> }[];
    expect(images.length).toBe(2);
    for (const { data } of images) {
      expect(data.get(3, 4)).toBeGreaterThan(27);
      expect(Math.abs(data.get(8, 9))).toBeLessThan(2);
    }
  });

  test.each([
    ["psf", "science"],
    ["science", "psf"],
  ])("an association of only %s exposures is refused", async (present, missing) => {
    const input = new ModelContainer([cube(present, [1, 2])]);
    await expect(Coron3Pipeline.call(input as never)).rejects.toThrow(new RegExp(`no members of the type ${missing}`));
  });
});

test("integrationsOf gives each plane its arrays, metadata and world coordinates", () => {
  const model = cube("science", [5, 7]);
  const [first, second] = integrationsOf(model);
  expect([first.data.get(8, 9), second.data.get(8, 9)]).toEqual([5, 7]);
  expect(second.data.shape).toEqual([ny, nx]);
  expect(second.meta.exposure.type).toBe("NRC_CORON");
  expect(wcsOf(second)?.forward(Float64Array.of(1), Float64Array.of(2))[1][0]).toBeCloseTo(2e-5, 12);
  expect(first.hasArray("var_flat")).toBe(false);
});

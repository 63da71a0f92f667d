import { createModel, type ImageModel, ModelContainer } from "@calwebb/datamodels";
import { truthSuite } from "@calwebb/testing";
import { celestialFrame, FitsImaging, frame2D, Projection, setWcs, Wcs, wcsOf } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { AssignMTWcsStep } from "../src/index.js";

function exposure(ra: number | undefined, exptype = "science"): ImageModel {
  const model = createModel("ImageModel", {
    shape: [10, 10],
    meta: {
      filename: `at${ra}_cal.fits`,
      exposure: { type: "NRC_IMAGE" },
      asn: { exptype },
      wcsinfo: { mt_ra: ra, mt_dec: ra === undefined ? undefined : 0 },
    },
  });
  const transform = new FitsImaging({
    crpix: [4.5, 4.5],
    crval: [20, 0],
    cdelt: [1e-4, 1e-4],
    pc: [-1, 0, 0, 1],
    projection: new Projection("gnomonic", "pix2sky"),
  }).withBoundingBox([
    [-0.5, 9.5],
    [-0.5, 9.5],
  ]);
  setWcs(model, new Wcs([{ frame: frame2D("detector"), transform }, { frame: celestialFrame("world") }]));
  return model;
}

const call = async (...models: ImageModel[]) =>
  [...(await AssignMTWcsStep.call(new ModelContainer(models) as never))] as ImageModel[];

truthSuite(AssignMTWcsStep, new URL("./truth/", import.meta.url));

describe("AssignMTWcsStep", () => {
  test("exposures are moved to the mean position of the target", async () => {
    const input = [exposure(20.001), exposure(20.003)];
    const out = await call(...input);
    expect(out.map((m) => m.meta.cal_step.assign_mtwcs)).toEqual(["COMPLETE", "COMPLETE"]);
    expect(out[0].meta.wcsinfo.mt_avra).toBeCloseTo(20.002, 12);
    const centre = out.map((m) => (wcsOf(m) as Wcs).forwardTransform.point(4.5, 4.5)[0]);
    expect(centre).toEqual([expect.closeTo(20.001, 11), expect.closeTo(19.999, 11)]);
    expect(out[0].meta.wcsinfo.s_region).toMatch(/^POLYGON ICRS {2}20\.001/);
    expect(wcsOf(input[0])?.frames).toEqual(["detector", "world"]);
  });

  test("other members do not count and are left as they are", async () => {
    const out = await call(exposure(20.001), exposure(30, "background"));
    expect(out[0].meta.wcsinfo.mt_avra).toBe(20.001);
    expect(wcsOf(out[1])?.frames).toEqual(["detector", "world"]);
  });

  test("a missing position leaves all of them as they are", async () => {
    const out = await call(exposure(20.001), exposure(undefined));
    expect(out.map((m) => m.meta.cal_step.assign_mtwcs)).toEqual(["COMPLETE", "COMPLETE"]);
    expect(wcsOf(out[0])?.frames).toEqual(["detector", "world"]);
  });

  test("an exposure without world coordinates is named", async () => {
    const bare = exposure(20.002);
    bare.delete("meta.wcs");
    await expect(call(exposure(20.001), bare)).rejects.toThrow(/at20\.002_cal\.fits has no world coordinates/);
  });
});

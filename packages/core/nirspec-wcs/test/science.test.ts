import {
  BoundingBox,
  CompoundBoundingBox,
  compositeFrame,
  frame2D,
  Identity,
  slitTransforms,
  spectralFrame,
  Wcs,
} from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { makeSlit, openFixedSlits, type Slit, seesFixedSlit, slitMask, slitRow, slitWcs } from "../src/index.js";

/** A WCS of slits whose positions are pixels, each with a box of its own. */
function wcsOf(slits: readonly Slit[], boxes: readonly [[number, number], [number, number]][]): Wcs {
  const named = ["x", "y", "lam", "name"];
  const start = new Identity(4).withAxes(named, ["name", "angle1", "angle2", "angle3"]).named("det2gwa");
  const models = slits.map(() => new Identity(3));
  const slit = compositeFrame("slit_frame", [frame2D("slit_spatial"), spectralFrame("spectral", { axesOrder: [2] })]);
  const wcs = new Wcs([
    { frame: frame2D("detector"), transform: start },
    { frame: frame2D("gwa"), transform: slitTransforms("gwa_to_slit", slits.map(slitRow), models).named("gwa2slit") },
    { frame: slit },
  ]);
  wcs.boundingBox = new CompoundBoundingBox(3, new Map(slits.map((s, i) => [s.id, new BoundingBox(boxes[i])])));
  return wcs;
}

const slitlet = makeSlit({ name: 7, shutter: 1, ymin: -0.5, ymax: 0.5, quadrant: 2, id: 7 });
const [fixed] = openFixedSlits("SUBS200A1", "NONE", [-0.5, 0.5]);

describe("science in an exposure", () => {
  test("boxes of slits, cut to the image", () => {
    const boxes: [[number, number], [number, number]][] = [
      [
        [0.5, 2.5],
        [-0.5, 1.5],
      ],
      [
        [3.2, 9.5],
        [2, 9.5],
      ],
    ];
    const mask = slitMask(wcsOf([slitlet, fixed], boxes), 4, 5);
    expect([...mask.subarray(0, 5)]).toEqual([0, 1, 1, 0, 0]);
    expect([...mask.subarray(5, 10)]).toEqual([0, 1, 1, 0, 0]);
    expect([...mask.subarray(10, 15)]).toEqual([0, 0, 0, 1, 1]);
    expect([...mask.subarray(15, 20)]).toEqual([0, 0, 0, 1, 1]);
  });

  test("whether a fixed slit is among the slitlets", () => {
    const box: [[number, number], [number, number]] = [
      [0, 1],
      [0, 1],
    ];
    expect(seesFixedSlit(wcsOf([slitlet], [box]))).toBe(false);
    expect(seesFixedSlit(wcsOf([slitlet, fixed], [box, box]))).toBe(true);
    expect(() => slitWcs(wcsOf([slitlet], [box]), 3)).toThrow(/no slit 3/);
  });
});

import {
  celestialFrame,
  compositeFrame,
  frame2D,
  Identity,
  Mapping,
  pipe,
  Scale,
  sideBySide,
  spectralFrame,
  Wcs,
} from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { addMovingTargetFrame, meanTarget } from "../src/kernel.js";

describe("addMovingTargetFrame", () => {
  const image = new Wcs([
    { frame: frame2D("detector"), transform: new Identity(2) },
    { frame: celestialFrame("world") },
  ]);

  test("the target stands at its mean position", () => {
    const mean = meanTarget([
      { ra: 10, dec: -1 },
      { ra: 11, dec: -2 },
    ]);
    expect(mean).toEqual({ ra: 10.5, dec: -1.5 });
    const wcs = addMovingTargetFrame(image, mean, { ra: 10, dec: -1 });
    expect(wcs.frames).toEqual(["detector", "world", "moving_target"]);
    expect(wcs.forwardTransform.point(10, -1)).toEqual([10.5, -1.5]);
    expect(wcs.transform("detector", "world").point(10, -1)).toEqual([10, -1]);
    expect(image.frames).toHaveLength(2);
  });

  test("wavelengths stay as they are", () => {
    const world = compositeFrame("world", [celestialFrame("sky"), spectralFrame("wave", { axesOrder: [2] })]);
    const transform = pipe(new Mapping([0, 1, 1]), sideBySide(new Identity(2), new Scale(0.1)));
    const slit = new Wcs([{ frame: frame2D("detector"), transform }, { frame: world }]);
    const wcs = addMovingTargetFrame(slit, { ra: 2, dec: 3 }, { ra: 1, dec: 1 });
    expect(wcs.forwardTransform.point(5, 6)).toEqual([6, 8, expect.closeTo(0.6, 14)]);
    expect(wcs.outputFrame.axesTypes).toEqual(["SPATIAL", "SPATIAL", "SPECTRAL"]);
  });

  test("a frame without a sky is refused", () => {
    const plane = new Wcs([{ frame: frame2D("detector"), transform: new Identity(2) }, { frame: frame2D("plane") }]);
    expect(() => addMovingTargetFrame(plane, { ra: 0, dec: 0 }, { ra: 0, dec: 0 })).toThrow(/no celestial axes/);
  });
});

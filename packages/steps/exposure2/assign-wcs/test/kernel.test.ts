import { Identity, Mapping, Polynomial2D, pipe, sideBySide } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { detectorToV23, type ImagingInputs, imagingWcs, subarrayTransform } from "../src/kernel.js";

const pointing = { v2Ref: 100, v3Ref: -200, rollRef: 0, raRef: 30, decRef: 0 };
/** One arcsec per pixel; pixel (10, 20) of the detector is the reference point. */
const distortion = pipe(
  new Mapping([0, 1, 0, 1]),
  sideBySide(new Polynomial2D(Float64Array.of(90, 0, 1, 0)), new Polynomial2D(Float64Array.of(-220, 1, 0, 0))),
);
const inputs: ImagingInputs = {
  distortion,
  shape: [30, 40],
  offset: undefined,
  subarray: { xstart: 1, ystart: 1, xsize: 40, ysize: 30 },
  pointing,
  vaScale: undefined,
};

describe("imagingWcs", () => {
  test("the reference pixel is at the reference point", () => {
    const [ra, dec] = imagingWcs(inputs).forwardTransform.point(10, 20);
    expect(ra).toBeCloseTo(30, 12);
    expect(dec).toBeCloseTo(0, 12);
    const [, north] = imagingWcs(inputs).forwardTransform.point(10, 21);
    expect(north).toBeCloseTo(1 / 3600, 12);
  });

  test("pixels of a subarray are counted from its corner, and the box is its size", () => {
    const sub = { ...inputs, subarray: { xstart: 6, ystart: 11, xsize: 8, ysize: 4 } };
    const wcs = imagingWcs(sub);
    const [ra, dec] = wcs.forwardTransform.point(5, 10);
    expect(ra).toBeCloseTo(30, 12);
    expect(dec).toBeCloseTo(0, 12);
    expect(wcs.boundingBox?.intervals).toEqual([
      [-0.5, 7.5],
      [-0.5, 3.5],
    ]);
    expect(subarrayTransform(1, 1)).toBeUndefined();
  });

  test("the offset of the filter moves pixels before the distortion", () => {
    const moved = imagingWcs({ ...inputs, offset: { column: 2, row: -3 } });
    expect(moved.transform("detector", "v2v3").point(8, 23)).toEqual([100, -200]);
  });

  test("velocity aberration leaves the reference point where it is", () => {
    const wcs = imagingWcs({ ...inputs, vaScale: 1.001 });
    expect(wcs.transform("v2v3", "v2v3vacorr").point(101, -200)[0]).toBeCloseTo(101.001, 12);
    expect(wcs.frames).toEqual(["detector", "v2v3", "v2v3vacorr", "world"]);
  });

  test("the box of the distortion wins over the shape of the data", () => {
    const box = [
      [3, 7],
      [1, 2],
    ] as const;
    expect(detectorToV23({ ...inputs, distortion: distortion.withBoundingBox(box) }).boundingBox?.intervals).toEqual(
      box,
    );
    expect(detectorToV23({ ...inputs, distortion: new Identity(2) }).boundingBox?.at(1)).toEqual([-0.5, 29.5]);
  });
});

import {
  type BoundingBox,
  boundingBoxFromShape,
  celestialFrame,
  dvaCorrection,
  frame2D,
  type Pointing,
  pipe,
  Shift,
  sideBySide,
  type Transform,
  v23ToSky,
  Wcs,
} from "@calwebb/wcs";

/** What the world coordinates of an image follow from. */
export interface ImagingInputs {
  /** Pixels of the full detector, counted from 0, to V2, V3 [arcsec]. */
  distortion: Transform;
  /** Shape of the data; the last two axes are y, x. */
  shape: readonly number[];
  /** Offset of the filter [pixel], added before the distortion. */
  offset: { column: number; row: number } | undefined;
  /** First pixel of the subarray on the detector (counted from 1) and its size. */
  subarray: { xstart?: number; ystart?: number; xsize?: number; ysize?: number };
  pointing: Pointing;
  /** Apparent over true scale of the focal plane. */
  vaScale: number | undefined;
}

/** From pixels of the subarray to pixels of the detector; undefined when both begin together. */
export function subarrayTransform(xstart = 1, ystart = 1): Transform | undefined {
  if (xstart === 1 && ystart === 1) return undefined;
  return sideBySide(new Shift(xstart - 1), new Shift(ystart - 1));
}

/**
 * The transform of the first step: subarray, filter offset and distortion, with the bounding box of the data. The distortion keeps
 * its own bounding box where it has one.
 */
export function detectorToV23({ distortion, shape, offset, subarray }: ImagingInputs): Transform {
  const box: BoundingBox | [[number, number], [number, number]] = distortion.boundingBox ?? boundingBoxFromShape(shape);
  let transform = offset ? pipe(sideBySide(new Shift(offset.column), new Shift(offset.row)), distortion) : distortion;
  transform = transform.withBoundingBox(box);
  const shift = subarrayTransform(subarray.xstart, subarray.ystart);
  if (!shift) return transform;
  const { xsize = 0, ysize = 0 } = subarray;
  return pipe(shift, transform).withBoundingBox([
    [-0.5, xsize - 0.5],
    [-0.5, ysize - 0.5],
  ]);
}

/** World coordinates of an image: detector, v2v3, v2v3vacorr (velocity aberration taken out), world (ICRS, deg). */
export function imagingWcs(inputs: ImagingInputs): Wcs {
  const { pointing, vaScale } = inputs;
  const v23 = { axesNames: ["v2", "v3"], units: ["arcsec", "arcsec"] } as const;
  return new Wcs([
    { frame: frame2D("detector"), transform: detectorToV23(inputs) },
    { frame: frame2D("v2v3", v23), transform: dvaCorrection(vaScale, pointing.v2Ref, pointing.v3Ref) },
    { frame: frame2D("v2v3vacorr", v23), transform: v23ToSky(pointing) },
    { frame: celestialFrame("world") },
  ]);
}

import { NdArray } from "@calwebb/array";
import { AffineTransformation2D, type Matrix2 } from "./affine.js";
import { Scale, Shift } from "./basic.js";
import { pipe, sideBySide } from "./compound.js";
import type { Projection } from "./projection.js";
import { RotateNative2Celestial } from "./sphere.js";
import { type AsdfWriter, Transform } from "./transform.js";

/** Parameters of a linear FITS WCS; `crpix` counts from 0. */
export interface FitsImagingInit {
  crpix: readonly [number, number];
  /** Celestial coordinates of the reference point [deg]. */
  crval: readonly [number, number];
  cdelt: readonly [number, number];
  pc: Matrix2;
  projection: Projection;
}

/** Pixels to the sky by the standard of FITS: shift, matrix, scale, projection, rotation (gwcs `FITSImagingWCSTransform`). */
export class FitsImaging extends Transform implements FitsImagingInit {
  readonly nInputs = 2;
  readonly nOutputs = 2;
  readonly tag: string = "tag:stsci.edu:gwcs/fitswcs_imaging-1.0.0";
  readonly crpix: readonly [number, number];
  readonly crval: readonly [number, number];
  readonly cdelt: readonly [number, number];
  readonly pc: Matrix2;
  readonly projection: Projection;
  private readonly chain: Transform;

  constructor({ crpix, crval, cdelt, pc, projection }: FitsImagingInit) {
    super();
    this.crpix = crpix;
    this.crval = crval;
    this.cdelt = cdelt;
    this.pc = pc;
    this.projection = projection;
    this.inputs = ["x", "y"];
    this.outputs = ["lon", "lat"];
    this.chain = pipe(
      sideBySide(new Shift(-crpix[0]), new Shift(-crpix[1])),
      new AffineTransformation2D(pc),
      sideBySide(new Scale(cdelt[0]), new Scale(cdelt[1])),
      projection,
      new RotateNative2Celestial(crval[0], crval[1], lonPole(crval[1], projection)),
    );
  }

  kernel(input: readonly Float64Array[], output: readonly Float64Array[], n: number): void {
    this.chain.kernel(input, output, n);
  }

  protected override analyticInverse(): Transform | undefined {
    return this.chain.hasInverse ? this.chain.inverse : undefined;
  }

  protected fields(writer: AsdfWriter): Record<string, unknown> {
    return {
      crpix: Float64Array.from(this.crpix),
      crval: Float64Array.from(this.crval),
      cdelt: Float64Array.from(this.cdelt),
      pc: new NdArray(Float64Array.from(this.pc), [2, 2]),
      projection: writer.write(this.projection),
    };
  }
}

/** Default native longitude of the celestial pole [deg] (Calabretta & Greisen 2002, section 2.2). */
export function lonPole(lat: number, projection: Projection): number {
  if (projection.zenithal) return 180;
  return lat >= 0 ? 0 : 180;
}

import type { CubeModel, ImageModel, PastasossModel, RampModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { type SossOrder, sossTraceMask } from "./kernel.js";

/** Rows by which the traces of SUBSTRIP96 lie lower. */
const SUBSTRIP96_SHIFT = -10;

function number(value: number | undefined | null, what: string): number {
  if (value === undefined || value === null) throw new ValidationError(`${what} is missing, which the traces need`);
  return value;
}

/**
 * Mask of the traces of a NIRISS SOSS exposure: 1 where a trace is.
 * @throws {ValidationError} when the position of the pupil wheel is unknown or out of the reference's bounds
 */
export function traceMask(input: RampModel | ImageModel | CubeModel, reference: PastasossModel): Uint8Array {
  const meta = reference.meta;
  const position = number(input.meta.instrument.pupil_position, "PWCPOS");
  const bounds = meta.pwcpos_bounds;
  if (bounds === undefined || !(position >= bounds[0] && position <= bounds[1]))
    throw new ValidationError(`PWCPOS ${position} is outside the bounds of the pastasoss reference (${bounds})`);
  const orders: SossOrder[] = [];
  for (let i = 0; i < reference.traces.length; i++) {
    const trace = reference.traces[i];
    const waves = reference.wavecal_models[i];
    if (trace.trace === undefined || waves?.coefficients === undefined || waves.scale_extents === undefined)
      throw new ValidationError(`order ${i + 1} of the pastasoss reference is incomplete`);
    orders.push({
      trace: trace.trace.flat(),
      pivot: [number(trace.pivot_x, "pivot_x"), number(trace.pivot_y, "pivot_y")],
      coefficients: waves.coefficients.flat(),
      extents: waves.scale_extents.flat(),
    });
  }
  const n = number(meta.wavemap_nwl, "wavemap_nwl");
  const first = number(meta.wavemap_wlmin, "wavemap_wlmin");
  const step = (number(meta.wavemap_wlmax, "wavemap_wlmax") - first) / (n - 1);
  const grid = Array.from({ length: n }, (_, i) => first + i * step);
  const shift = input.meta.subarray.name === "SUBSTRIP96" ? SUBSTRIP96_SHIFT : 0;
  const [ny, nx] = input.data.shape.slice(-2);
  return sossTraceMask(orders, position - number(meta.pwcpos_cmd, "pwcpos_cmd"), shift, grid, ny, nx);
}

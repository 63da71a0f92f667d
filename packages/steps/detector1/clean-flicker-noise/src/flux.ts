import type { CubeModel, ImageModel, RampModel } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import type { DraftRate } from "@calwebb/draft-rate";
import { findSource, measure, nanMedian, type Series, toElectrons, total } from "@calwebb/photometry";
import { referenceCutter } from "@calwebb/readout";
import type { StepContext } from "@calwebb/stpipe";
import { relativeTo } from "./kernel.js";

type Input = RampModel | ImageModel | CubeModel;
type Context = Pick<StepContext, "findReference" | "log">;

/** Radii of aperture and sky, and sides of the boxes that the source is searched in [pixel]: the defaults of `tso_photometry`. */
const APERTURE = { radius: 3, inner: 4, outer: 5, search: 41, fit: 11 } as const;

/** Whether the flux of an exposure over time is that of an aperture. */
export function hasApertureFlux(input: Input): boolean {
  const { exposure, visit } = input.meta;
  return exposure.type === "NRC_TSIMAGE" || (exposure.type === "MIR_IMAGE" && visit.tsovisit === true);
}

/**
 * Flux of the source of an imaging time series in every integration, relative to the median, as `tso_photometry` measures it.
 * @param rate - a plane per integration; not changed
 * @returns a text that says why there is none
 */
export async function apertureFlux(input: Input, rate: DraftRate, ctx: Context): Promise<number[] | string> {
  const { wcsinfo, exposure, instrument, subarray, bunit_data: unit } = rate.model.meta;
  const { siaf_xref_sci: xref, siaf_yref_sci: yref } = wcsinfo;
  if (typeof xref !== "number" || typeof yref !== "number")
    return "the exposure does not say where its source is (XREF_SCI, YREF_SCI), which a median image needs";
  const data = rate.data.slice();
  if (unit === "DN/s") {
    const gain = await ctx.findReference("gain", { record: false });
    const time = exposure.integration_time;
    if (gain === undefined || typeof time !== "number")
      return "the flux of the source needs a gain reference and EFFINTTM, and one of them is missing";
    toElectrons(data, referenceCutter(input, gain, ctx.log)(gain.data).flat(), time);
  }
  const bad = Uint8Array.from(data, (v, p) => ((rate.dq[p] & pixel.DO_NOT_USE) !== 0 || Number.isNaN(v) ? 1 : 0));
  const { nplanes: nints, ny, nx } = rate;
  const series: Series = { data, error: new Float32Array(data.length), bad, nints, ny, nx };
  // With this pupil the light fills the subarray.
  if (instrument.pupil === "WLP8" && subarray.name === "SUB64P")
    return relativeTo(total(series).sum) ?? "no integration has a flux";
  const { source } = findSource(series, xref - 1, yref - 1, APERTURE.search, APERTURE.fit, APERTURE.inner);
  const found = source.x.some(Number.isFinite);
  const at = (own: Float64Array, planned: number): Float64Array =>
    new Float64Array(nints).fill(found ? nanMedian(own) : planned);
  const sums = measure(
    series,
    at(source.x, xref - 1),
    at(source.y, yref - 1),
    APERTURE.radius,
    APERTURE.inner,
    APERTURE.outer,
  );
  return relativeTo(sums.apertureSum) ?? "no integration has a flux to scale the median image with";
}

import type { CubeModel, ImageModel, RampModel } from "@calwebb/datamodels";
import { asDraft, fitDraftRate } from "@calwebb/draft-rate";
import type { ParamsOf, StepContext } from "@calwebb/stpipe";
import { flatPlane } from "./flat.js";
import { decide, LIMITS, measureImage } from "./kernel.js";
import type { Chosen, Exposure } from "./options.js";
import type { CleanFlickerNoiseStep } from "./step.js";

type Input = RampModel | ImageModel | CubeModel;
type Context = StepContext<ParamsOf<typeof CleanFlickerNoiseStep>, object>;

/** One rate image of the exposure, as a copy; integrations are averaged. */
async function rateImage(input: Input, ctx: Context): Promise<Float32Array> {
  if (input.modelType === "RampModel") return (await fitDraftRate(input as RampModel, ctx, false)).data;
  const { data, nplanes, ny, nx } = asDraft(input as ImageModel | CubeModel);
  if (nplanes === 1) return data.slice(0, ny * nx);
  const f = Math.fround;
  return Float32Array.from({ length: ny * nx }, (_, p) => {
    let sum = 0;
    let n = 0;
    for (let i = 0; i < nplanes; i++) {
      const v = data[i * ny * nx + p];
      if (Number.isNaN(v)) continue;
      sum = f(sum + v);
      n++;
    }
    return sum / n;
  });
}

/** Parameters that suit the data; none for exposures other than images of NIRCam and NIRISS. */
export async function autoParameters(input: Input, ctx: Context, exposure: Exposure): Promise<Partial<Chosen>> {
  const instrument = exposure.type === "NIS_IMAGE" ? "NIRISS" : exposure.type === "NRC_IMAGE" ? "NIRCAM" : undefined;
  if (instrument === undefined) {
    ctx.log.warn(`autoparam knows nothing of EXP_TYPE ${exposure.type}: the parameters stay as they are`);
    return {};
  }
  const flat = await ctx.findReference("flat");
  const image = await rateImage(input, ctx);
  if (flat !== undefined) {
    const plane = flatPlane(input, flat, ctx.log);
    for (let p = 0; p < image.length; p++) image[p] /= plane[p];
  }
  const [ny, nx] = input.data.shape.slice(-2);
  const statistics = measureImage(image, ny, nx, Math.abs(exposure.slowaxis) === 2, instrument);
  const { background, byChannel } = decide(statistics, LIMITS[instrument]);
  ctx.log.info(
    `autoparam: apply_flat_field=${flat !== undefined}, background_method=${background}, fit_by_channel=${byChannel}`,
  );
  return { apply_flat_field: flat !== undefined, background_method: background, fit_by_channel: byChannel };
}

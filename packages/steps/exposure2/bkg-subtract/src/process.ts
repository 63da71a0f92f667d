import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { membersOf, type ParamsOf, type ProcessOf, type StepContext } from "@calwebb/stpipe";
import { BackgroundStack, type Exposure } from "./average.js";
import { orPlane, subtractPlane } from "./kernel.js";
import type { BackgroundStep } from "./step.js";

type Context = StepContext<ParamsOf<typeof BackgroundStep>>;

/** Grating wheel positions closer than this are the same. */
const TILT = 1e-8;

/** Whether two NIRSpec exposures were taken with the same position of the grating wheel. */
function sameTilt(a: Model, b: Model): boolean {
  const { gwa_xtilt: ax, gwa_ytilt: ay } = a.meta.instrument;
  const { gwa_xtilt: bx, gwa_ytilt: by } = b.meta.instrument;
  const close = (u: number | undefined, v: number | undefined) =>
    u === undefined || v === undefined ? u === v : Math.abs(u - v) <= TILT;
  return close(ax, bx) && close(ay, by);
}

/** The backgrounds: members of the association, else the second input (names with commas between them), else `bkg_list`. */
function backgroundsOf({ association, inputs, params }: Context): unknown[] {
  const members = association ? membersOf(association.products[0], "background") : [];
  if (members.length > 0) return members;
  const second = inputs[1];
  const given = typeof second === "string" ? second.split(",") : (second ?? params.bkg_list ?? []);
  return (Array.isArray(given) ? given : [given]).filter((b) => b !== null && b !== "");
}

/** Subtract the mean of background exposures, in place. */
export const process: ProcessOf<typeof BackgroundStep> = async (science, ctx) => {
  const { params, log } = ctx;
  const given = backgroundsOf(ctx);
  if (given.length === 0) return { skip: "no background exposures are given" };
  await science.load("data", "err", "dq");
  const stack = new BackgroundStack(science, { sigma: params.sigma, maxiters: params.maxiters ?? 0 }, ctx);
  const nirspec = science.meta.instrument.name?.toUpperCase() === "NIRSPEC";
  for (const entry of given) {
    const name = typeof entry === "string" ? entry : ((entry as Model).meta?.filename ?? "background");
    const background = (
      typeof entry === "string" ? await ctx.openModel(entry, { own: true }) : (entry as Model)
    ) as Exposure;
    try {
      if (!background.hasArray("data"))
        throw new ValidationError(`the background ${name} is a ${background.modelType} without an image`, {
          file: name,
        });
      if (nirspec && !sameTilt(science, background))
        return { skip: `GWA_XTIL and GWA_YTIL of the background ${name} differ from those of the exposure` };
      await background.load("data", "err", "dq");
      await stack.add(background, name);
    } finally {
      if (typeof entry === "string") await background.close();
    }
  }
  const combined = await stack.combine();
  subtractPlane(science.data.flat(), combined.data.flat());
  orPlane(science.dq.flat(), combined.dq.flat());
  if (params.save_combined_background) {
    const path = await ctx.saveModel(combined, { suffix: "combinedbackground" });
    log.info(`wrote the combined background ${path}`);
  }
  return science;
};

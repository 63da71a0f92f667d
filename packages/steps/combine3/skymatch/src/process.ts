import { type ImageModel, type Model, ModelContainer } from "@calwebb/datamodels";
import { interpretFlags } from "@calwebb/dqflags";
import { ValidationError } from "@calwebb/errors";
import type { ParamsOf, ProcessOf } from "@calwebb/stpipe";
import { wcsOf } from "@calwebb/wcs";
import { makeSkyImage, matchSky, type SkyImage } from "./kernel.js";
import type { SkyMatchStep } from "./step.js";
import { readSkyList } from "./user.js";

type Params = ParamsOf<typeof SkyMatchStep>;

/** The sky that an earlier run has recorded. @throws {ValidationError} when it does not fit what is asked for now */
function earlierSky(model: Model, subtract: boolean): number {
  const { level, subtracted } = model.meta.background;
  const name = model.meta.filename ?? "an exposure";
  if (subtracted === undefined) {
    if (level === undefined) return 0;
    throw new ValidationError(
      `${name} has a background level (BKGLEVEL) but does not say whether it was subtracted (BKGSUB)`,
      {
        file: name,
        where: "BKGSUB",
      },
    );
  }
  if (level === undefined)
    throw new ValidationError(`${name} has a subtracted background (BKGSUB) of unknown level (BKGLEVEL)`, {
      file: name,
      where: "BKGLEVEL",
    });
  if (subtracted !== subtract)
    throw new ValidationError(
      `the background of ${name} was ${subtracted ? "" : "not "}subtracted before; subtract must be ${subtracted}`,
      { file: name, where: "subtract", got: String(subtract), wanted: String(subtracted) },
    );
  return level;
}

/** 1 for pixels that count: finite, and without flags but the ignored ones. */
function maskOf(image: ImageModel, ignored: number | undefined): Uint8Array {
  const data = image.data.flat();
  const dq = ignored === undefined ? undefined : image.dq.flat();
  const bad = ignored === undefined ? 0 : ~ignored;
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < mask.length; i++)
    if (Number.isFinite(data[i]) && (dq === undefined || (dq[i] & bad) === 0)) mask[i] = 1;
  return mask;
}

async function skyImage(model: Model, params: Params, ignored: number | undefined): Promise<SkyImage> {
  const image = model as ImageModel;
  const name = model.meta.filename ?? "an exposure";
  const sky = earlierSky(model, params.subtract);
  await image.load("data", "dq");
  const wcs = wcsOf(model);
  if (!wcs)
    throw new ValidationError(`${name} has no world coordinates: run assign_wcs first`, {
      file: name,
      where: "meta.wcs",
    });
  image.data = image.data.contiguous ? image.data : image.data.copy();
  const [ny, nx] = image.data.shape;
  return makeSkyImage(
    {
      name,
      data: image.data.flat(),
      mask: maskOf(image, ignored),
      ny,
      nx,
      wcs: {
        toSky: (x, y) => wcs.evaluate([x, y], { withBoundingBox: false }),
        toPixel: (ra, dec) => wcs.invert([ra, dec], { withBoundingBox: false }),
      },
    },
    params.stepsize,
    params.subtract ? sky : 0,
  );
}

function record(model: Model, params: Params, level: number): void {
  model.set("meta.background.level", level);
  model.set("meta.background.subtracted", params.subtract);
  model.set("meta.background.method", params.skymethod);
}

/** Match the sky of the exposures, in place. */
export const process: ProcessOf<typeof SkyMatchStep> = async (input, ctx) => {
  const { params, log, signal, progress } = ctx;
  const container = "length" in input ? (input as ModelContainer) : new ModelContainer([input as Model]);
  if (params.skymethod === "user") {
    if (params.skylist === null)
      throw new ValidationError('skymethod "user" needs the parameter skylist', { where: "skylist" });
    const models = [...container];
    const values = readSkyList(await ctx.readText(params.skylist), models, params.skylist);
    for (const [i, model] of models.entries()) {
      record(model, params, values[i]);
      if (!params.subtract) continue;
      const image = model as ImageModel;
      await image.load("data");
      image.data = image.data.contiguous ? image.data : image.data.copy();
      const data = image.data.flat();
      for (let k = 0; k < data.length; k++) data[k] -= values[i];
    }
    return input;
  }
  const ignored = interpretFlags(params.dqbits);
  const groups: SkyImage[][] = [];
  const found = new Map<SkyImage, Model>();
  progress.start(container.length, "skymatch");
  for (const group of container.modelsGrouped) {
    const images: SkyImage[] = [];
    for (const model of group) {
      signal.throwIfAborted();
      const image = await skyImage(model, params, ignored);
      images.push(image);
      found.set(image, model);
      progress.advance();
    }
    groups.push(images);
  }
  matchSky(groups, { ...params, skymethod: params.skymethod }, log);
  for (const [image, model] of found)
    if (image.valid) record(model, params, image.sky);
    else ctx.leaveOut(model);
  return input;
};

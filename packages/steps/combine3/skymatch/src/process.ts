import { allocate, recycle, type TypedArray } from "@calwebb/array";
import { type ImageModel, type Model, ModelContainer } from "@calwebb/datamodels";
import { interpretFlags } from "@calwebb/dqflags";
import { ValidationError } from "@calwebb/errors";
import type { ParamsOf, ProcessOf } from "@calwebb/stpipe";
import { wcsOf } from "@calwebb/wcs";
import { makeSkyImage, matchSky, measureSkyTask, type SkyImage, type SkyPixels } from "./kernel.js";
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

/** Pixels of an exposure, 1 in the mask for those that count: finite, and without flags but the ignored ones. */
async function readPixels(model: Model, ignored: number | undefined): Promise<SkyPixels & { own: TypedArray[] }> {
  // What is still in the file is read into a copy, which goes when it is no longer used.
  const image = model.cloneShallow() as ImageModel;
  const fresh = image.isUnread("data");
  const freshDq = ignored !== undefined && image.isUnread("dq");
  await image.load("data", "dq");
  const data = image.data.flat();
  const dq = ignored === undefined ? undefined : image.dq.flat();
  const bad = ignored === undefined ? 0 : ~ignored;
  const mask = allocate("uint8", data.length);
  for (let i = 0; i < mask.length; i++) {
    const v = data[i];
    if (v - v === 0 && (dq === undefined || (dq[i] & bad) === 0)) mask[i] = 1;
  }
  if (dq && freshDq) recycle(dq);
  return { data, mask, own: fresh ? [data, mask] : [mask] };
}

/** Keeps the pixels of the exposures that were used last. */
class PixelStore {
  private readonly kept = new Map<Model, SkyPixels & { own: TypedArray[] }>();
  private readonly ignored: number | undefined;
  private readonly most: number;

  /** @param most - exposures to keep */
  constructor(ignored: number | undefined, most: number) {
    this.ignored = ignored;
    this.most = most;
  }

  async read(model: Model): Promise<SkyPixels> {
    const pixels = this.kept.get(model) ?? (await readPixels(model, this.ignored));
    this.kept.delete(model);
    this.kept.set(model, pixels);
    if (this.kept.size > this.most) this.drop(this.kept.keys().next().value as Model);
    return pixels;
  }

  private drop(model: Model): void {
    recycle(...(this.kept.get(model)?.own ?? []));
    this.kept.delete(model);
  }

  /** Let go of everything. */
  clear(): void {
    for (const model of [...this.kept.keys()]) this.drop(model);
  }

  subtract(model: Model, value: number): void {
    this.drop(model);
    subtractFrom(model, value);
  }
}

function subtractFrom(model: Model, value: number): void {
  model.changeArray("data", (data) => {
    const values = data as Float32Array;
    for (let k = 0; k < values.length; k++) values[k] -= value;
  });
}

function skyImage(model: Model, params: Params, store: PixelStore): SkyImage {
  const name = model.meta.filename ?? "an exposure";
  const sky = earlierSky(model, params.subtract);
  const wcs = wcsOf(model);
  if (!wcs)
    throw new ValidationError(`${name} has no world coordinates: run assign_wcs first`, {
      file: name,
      where: "meta.wcs",
    });
  const [ny, nx] = model.shape ?? [0, 0];
  return makeSkyImage(
    {
      name,
      ny,
      nx,
      wcs: {
        toSky: (x, y) => wcs.evaluate([x, y], { withBoundingBox: false }),
        toPixel: (ra, dec) => wcs.invert([ra, dec], { withBoundingBox: false }),
      },
      pixels: () => store.read(model),
      subtract: (value) => store.subtract(model, value),
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
      subtractFrom(model, values[i]);
    }
    return input;
  }
  const largest = Math.max(...[...container.modelsGrouped].map((group) => group.length));
  const store = new PixelStore(interpretFlags(params.dqbits), params.in_memory ? container.length : 2 * largest);
  const groups: SkyImage[][] = [];
  const found = new Map<SkyImage, Model>();
  progress.start(container.length, "skymatch");
  for (const group of container.modelsGrouped) {
    const images: SkyImage[] = [];
    for (const model of group) {
      signal.throwIfAborted();
      const image = skyImage(model, params, store);
      images.push(image);
      found.set(image, model);
      progress.advance();
    }
    groups.push(images);
  }
  const { executor } = ctx;
  await matchSky(
    groups,
    { ...params, skymethod: params.skymethod },
    log,
    (pieces) => executor.run(measureSkyTask, pieces, { signal }),
    params.in_memory ? "all" : "pair",
  );
  store.clear();
  for (const [image, model] of found)
    if (image.valid) record(model, params, image.sky);
    else ctx.leaveOut(model);
  return input;
};

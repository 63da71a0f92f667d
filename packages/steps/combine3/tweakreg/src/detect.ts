import { allocate, recycle, type TypedArray } from "@calwebb/array";
import type { ImageModel } from "@calwebb/datamodels";
import { finderOptions } from "@calwebb/step-parameters";
import type { ParamsOf, ProcessOf } from "@calwebb/stpipe";
import { type Detection, detectSourcesTask, type PixelCatalog } from "./kernel/detect.js";
import type { TweakRegStep } from "./step.js";

type Context = Parameters<ProcessOf<typeof TweakRegStep>>[1];
type Params = ParamsOf<typeof TweakRegStep>;

/** An exposure with its pixels, and which of their arrays belong to nobody else. */
interface Loaded {
  piece: Omit<Detection, "mask" | "scratch">;
  own: TypedArray[];
}

/** Read the pixels into a copy, so that those of the exposure itself may stay in the file. */
async function load(image: ImageModel, params: Params): Promise<Loaded> {
  const copy = image.cloneShallow();
  const own = (["data", "dq"] as const).filter((name) => copy.isUnread(name));
  await copy.load("data", "dq");
  const [ny, nx] = copy.data.shape;
  const piece = { data: copy.data.flat(), dq: copy.dq.flat(), ny, nx, options: finderOptions(params) };
  return { piece, own: own.map((name) => piece[name]) };
}

/**
 * Find the sources of exposures, as many at the same time as there are workers; meanwhile the next ones are read.
 * @returns a catalog of each exposure
 */
export async function detectAll(images: readonly ImageModel[], ctx: Context): Promise<PixelCatalog[]> {
  const { executor, params, signal } = ctx;
  const read = async (from: number): Promise<Loaded[]> => {
    const out: Loaded[] = [];
    for (const image of images.slice(from, from + executor.workers)) out.push(await load(image, params));
    return out;
  };
  const catalogs: PixelCatalog[] = [];
  let loaded = await read(0);
  while (loaded.length > 0) {
    const pieces = loaded.map(({ piece }): Detection => {
      const n = piece.data.length;
      const image = (): Float32Array => allocate("float32", n, "any");
      return { ...piece, mask: allocate("uint8", n, "any"), scratch: [image(), image()] };
    });
    const found = executor.run(detectSourcesTask, pieces, { signal });
    const [more, next] = await Promise.all([found, read(catalogs.length + loaded.length)]);
    catalogs.push(...more);
    recycle(...loaded.flatMap(({ own }) => own), ...pieces.flatMap(({ mask, scratch }) => [mask, ...scratch]));
    loaded = next;
  }
  return catalogs;
}

import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { customGrid, type OutputGrid, outputGrid } from "@calwebb/resampling";
import type { StepContext } from "@calwebb/stpipe";
import { Wcs } from "@calwebb/wcs";

/** Parameters that say what the output looks like. */
export interface GridParams {
  output_shape: readonly number[] | null;
  crpix: readonly number[] | null;
  crval: readonly number[] | null;
  rotation: number | null;
  pixel_scale_ratio: number;
  pixel_scale: number | null;
  output_wcs: string;
}

type Pair = readonly [number, number];

/** A pair of numbers, undefined when it is not given. @throws {ValidationError} for one number or for values that are too small */
function pair(values: readonly number[] | null, name: string, least?: number): Pair | undefined {
  if (values === null || values.every((v) => v === null)) return undefined;
  if (values.length !== 2 || values.some((v) => typeof v !== "number" || Number.isNaN(v)))
    throw new ValidationError(`${name} is a list of two numbers`, { got: String(values), where: name });
  if (least !== undefined && values.some((v) => v < least))
    throw new ValidationError(`the values of ${name} are at least ${least}`, { got: String(values), where: name });
  return [values[0], values[1]];
}

/** The grid that the parameters ask for. */
export async function gridFor(
  models: readonly Model[],
  params: GridParams,
  ctx: Pick<StepContext, "openModel" | "log">,
): Promise<OutputGrid> {
  const shape = pair(params.output_shape, "output_shape", 1);
  if (params.output_wcs.trim() !== "") return fileGrid(params.output_wcs.trim(), shape, ctx);
  return outputGrid(models, {
    pixelScaleRatio: params.pixel_scale_ratio,
    pixelScale: params.pixel_scale ?? undefined,
    rotation: params.rotation ?? undefined,
    shape,
    crpix: pair(params.crpix, "crpix"),
    crval: pair(params.crval, "crval"),
  });
}

const numbers = (value: unknown): number[] | undefined =>
  value === undefined || value === null ? undefined : Array.from(value as ArrayLike<number>, Number);

/** A grid from a file: `wcs`, and, when they are there, `pixel_scale` [arcsec] or its square `pixel_area`, `array_shape` or `pixel_shape`. */
async function fileGrid(
  path: string,
  shape: Pair | undefined,
  ctx: Pick<StepContext, "openModel" | "log">,
): Promise<OutputGrid> {
  const { tree } = await ctx.openModel(path);
  if (tree.wcs === undefined || tree.wcs === null)
    throw new ValidationError(`${path} holds no WCS`, { file: path, where: "output_wcs" });
  const wcs = await Wcs.load(tree.wcs);
  const area = tree.pixel_area;
  const scale = tree.pixel_scale ?? (typeof area === "number" ? Math.sqrt(area) : undefined);
  const stored = numbers(tree.array_shape)?.reverse() ?? numbers(tree.pixel_shape);
  const size = shape ?? (wcs.pixelShape ? undefined : stored);
  ctx.log.info(`the output WCS is that of ${path}`);
  return customGrid(wcs, size, typeof scale === "number" ? scale : undefined);
}

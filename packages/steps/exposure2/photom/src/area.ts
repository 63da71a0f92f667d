import type { Model, Models, PixelAreaModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { referenceCutter } from "@calwebb/readout";
import type { Logger } from "@calwebb/stpipe";

/** An image or a cube. */
export type Imaging = Models["ImageModel"] | Models["CubeModel"];

/** Average pixel areas of the two references may differ by this much without a word. */
const TOLERANCE = 0.001;

/** First column and row of an area map, from 1, when the file says it of a map of this size. Its class knows no such keywords. */
function startOf(area: PixelAreaModel, nx: number, ny: number): [number, number] {
  const cards = new Map((area.extraFits["PRIMARY"]?.header ?? []).map(([name, value]) => [name, value]));
  const [x, y, width, height] = ["SUBSTRT1", "SUBSTRT2", "SUBSIZE1", "SUBSIZE2"].map((k) => Number(cards.get(k)));
  return width === nx && height === ny && x >= 1 && y >= 1 ? [x, y] : [1, 1];
}

/** The pixel area map at the pixels of the exposure. A map that does not say where it lies begins at the first pixel of the detector. */
function cutArea(science: Imaging, area: PixelAreaModel, log: Logger): PixelAreaModel["data"] {
  const [ny, nx] = area.data.shape;
  const [xstart, ystart] = startOf(area, nx, ny);
  const { instrument } = area.meta;
  const placed = { meta: { instrument, subarray: { xstart, ystart, xsize: nx, ysize: ny } }, shape: area.data.shape };
  return referenceCutter(science, placed, log)(area.data);
}

function missing(model: Model, log: Logger): void {
  const { pixelarea_steradians, pixelarea_arcsecsq } = model.meta.photometry;
  const name = model.meta.filename ?? model.modelType;
  if (pixelarea_steradians === undefined) log.warn(`${name} has no PIXAR_SR`);
  if (pixelarea_arcsecsq === undefined) log.warn(`${name} has no PIXAR_A2`);
}

/**
 * Attach the pixel area map, and the average area of a pixel from its header, else from that of the photom reference.
 * @throws {ValidationError} when the exposure does not say where it lies, or reaches beyond the map
 */
export function attachArea(science: Imaging, area: PixelAreaModel | undefined, photom: Model, log: Logger): void {
  const source = area ?? photom;
  missing(source, log);
  const { pixelarea_steradians, pixelarea_arcsecsq } = source.meta.photometry;
  if (area !== undefined) {
    if (area.data.shape.length !== 2)
      throw new ValidationError(`the area reference has ${area.data.shape.length} dimensions; wanted 2`, {
        where: "area",
      });
    science.area = cutArea(science, area, log).copy();
    const other = photom.meta.photometry.pixelarea_steradians;
    if (
      pixelarea_steradians !== undefined &&
      other !== undefined &&
      Math.abs(other / pixelarea_steradians - 1) > TOLERANCE
    )
      log.warn(`PIXAR_SR is ${pixelarea_steradians} in the area and ${other} in the photom reference; using the first`);
  }
  science.meta.photometry.pixelarea_steradians = pixelarea_steradians;
  science.meta.photometry.pixelarea_arcsecsq = pixelarea_arcsecsq;
}

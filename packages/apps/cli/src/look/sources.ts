import { readFileSync } from "node:fs";
import { fileSource } from "@calwebb/bytes/node";
import { type EcsvText, readEcsv } from "@calwebb/ecsv";
import { IoError, ValidationError } from "@calwebb/errors";

/** Positions of sources on an image, pixels from 0. */
export interface Sources {
  x: Float64Array;
  y: Float64Array;
}

const PIXELS = [
  ["xcentroid", "ycentroid"],
  ["x_centroid", "y_centroid"],
  ["x", "y"],
] as const;
const SKY = [
  ["sky_centroid.ra", "sky_centroid.dec"],
  ["ra", "dec"],
] as const;

function pair(
  table: EcsvText,
  names: readonly (readonly [string, string])[],
): [Float64Array, Float64Array] | undefined {
  const column = (name: string): Float64Array | undefined => {
    const found = table.columns.find((c) => c.name.toLowerCase() === name);
    return found && Float64Array.from(found.values, (v) => (v === undefined ? Number.NaN : Number(v)));
  };
  for (const [a, b] of names) {
    const [first, second] = [column(a), column(b)];
    if (first && second) return [first, second];
  }
  return undefined;
}

/** Positions on the sky as pixels, by the world coordinates that the product carries. */
async function fromSky(image: string, ra: Float64Array, dec: Float64Array): Promise<Sources> {
  const [{ openModel }, { wcsOf }] = await Promise.all([import("@calwebb/datamodels"), import("@calwebb/wcs")]);
  const model = await openModel(fileSource(image));
  try {
    const wcs = wcsOf(model);
    if (wcs === undefined)
      throw new ValidationError(`${image} has no world coordinates, and the catalog no pixel positions`, {
        file: image,
      });
    const [x, y] = wcs.inverse(ra, dec);
    return { x, y };
  } finally {
    await model.close();
  }
}

/**
 * The sources of a catalog: its pixel positions, else those on the sky through the image's world coordinates.
 * @throws {IoError | ValidationError} for a catalog that cannot be read or has no positions
 */
export async function readSources(catalog: string, image: string): Promise<Sources> {
  let text: string;
  try {
    text = readFileSync(catalog, "utf8");
  } catch (cause) {
    throw new IoError(`cannot read the catalog ${catalog}: ${(cause as Error).message}`, { file: catalog, cause });
  }
  const table = readEcsv(text, catalog);
  const pixels = pair(table, PIXELS);
  if (pixels) return { x: pixels[0], y: pixels[1] };
  const sky = pair(table, SKY);
  if (sky) return fromSky(image, ...sky);
  throw new ValidationError(
    `${catalog} has no positions: wanted xcentroid and ycentroid, or sky_centroid.ra and sky_centroid.dec`,
    { file: catalog, got: table.columns.map((c) => c.name).join(", ") },
  );
}

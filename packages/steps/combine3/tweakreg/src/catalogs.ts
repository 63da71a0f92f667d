import type { ImageModel, ModelContainer } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { type EcsvText, readEcsv } from "@calwebb/ecsv";
import { ValidationError } from "@calwebb/errors";
import { findSources } from "@calwebb/photometry";
import { finderOptions } from "@calwebb/step-parameters";
import type { ParamsOf } from "@calwebb/stpipe";
import type { SkyCatalog } from "./align.js";
import type { TweakRegStep } from "./step.js";

type Params = ParamsOf<typeof TweakRegStep>;

/** Sources of an exposure [0-based pixels]. */
export interface PixelCatalog {
  id: number[];
  x: number[];
  y: number[];
  flux: number[];
}

/** Catalogs that need a network. */
const NETWORK = ["GAIAREFCAT", "GAIADR3", "GAIADR2", "GAIADR1", "GAIADR3_S3"];

/** Find the sources of an exposure. */
export function detect(image: ImageModel, p: Params): PixelCatalog {
  const [ny, nx] = image.data.shape;
  const bad = pixel.NON_SCIENCE | pixel.DO_NOT_USE;
  const mask = Uint8Array.from(image.dq.flat(), (dq) => ((dq & bad) !== 0 ? 1 : 0));
  const found = findSources(image.data.flat(), undefined, mask, ny, nx, finderOptions(p));
  const list = found?.segments ? found.sources : (found?.stars ?? []);
  return {
    id: list.map((_, i) => i + 1),
    x: list.map((s) => s.x),
    y: list.map((s) => s.y),
    flux: list.map((s) => s.flux),
  };
}

const numbers = (table: EcsvText, names: readonly string[]): number[] | undefined =>
  table.columns.find((c) => names.includes(c.name))?.values.map(Number);

/** A catalog of pixel positions from a file. @throws {ValidationError} without columns x and y */
export function parsePixelCatalog(text: string, name: string): PixelCatalog {
  const table = readEcsv(text, name);
  const [x, y] = ["x", "y"].map((a) => numbers(table, [a]) ?? numbers(table, [`${a}centroid`, `${a}_centroid`]));
  if (!x || !y)
    throw new ValidationError(`${name} needs the columns x and y, or xcentroid and ycentroid`, {
      file: name,
      got: table.columns.map((c) => c.name).join(", "),
    });
  const id = numbers(table, ["id", "label"]) ?? x.map((_, i) => i + 1);
  return { id, x, y, flux: numbers(table, ["flux"]) ?? x.map(() => Number.NaN) };
}

/** A catalog of sky positions from a file; rows without a position are left out. @throws {ValidationError} without RA and DEC */
export function parseSkyCatalog(text: string, name: string): SkyCatalog {
  const table = readEcsv(text, name);
  const find = (wanted: string): number[] | undefined => {
    const found = table.columns.filter((c) => c.name.toUpperCase() === wanted);
    if (found.length > 1) throw new ValidationError(`${name} has several columns ${wanted}`, { file: name });
    return found[0]?.values.map(Number);
  };
  const ra = find("RA") ?? find("SKY_CENTROID.RA");
  const dec = find("DEC") ?? find("SKY_CENTROID.DEC");
  if (!ra || !dec)
    throw new ValidationError(`${name} needs the columns RA and DEC [deg], or sky_centroid`, {
      file: name,
      got: table.columns.map((c) => c.name).join(", "),
    });
  const usable = ra.map((v, i) => Number.isFinite(v) && Number.isFinite(dec[i]));
  return {
    ra: Float64Array.from(ra.filter((_, i) => usable[i])),
    dec: Float64Array.from(dec.filter((_, i) => usable[i])),
  };
}

/** @throws {ValidationError} for a catalog that only a network has */
export function refuseNetwork(name: string): void {
  if (NETWORK.includes(name.trim().toUpperCase()))
    throw new ValidationError(
      `abs_refcat=${name} would be fetched from a network, which is not done: give a file with the columns RA and DEC [deg] as abs_refcat`,
      { where: "abs_refcat", got: name, wanted: "the name of a file" },
    );
}

/** Which catalog belongs to which exposure, from a list or from the members of an association; null: sources are to be found. */
export function customCatalogs(text: string | undefined, container: ModelContainer): Map<string, string | null> {
  const out = new Map<string, string | null>();
  if (text !== undefined) {
    for (const line of text.split(/\r?\n/)) {
      const [exposure, catalog, ...rest] = line.trim().split(/\s+/);
      if (!exposure || exposure.startsWith("#")) continue;
      if (rest.length > 0)
        throw new ValidationError("catfile has more than two columns", { where: "catfile", got: line });
      out.set(exposure, catalog ?? null);
    }
    return out;
  }
  const asn = container.asnTable as { products?: { members?: Record<string, unknown>[] }[] } | undefined;
  for (const member of asn?.products?.[0]?.members ?? []) {
    const catalog = member["tweakreg_catalog"];
    if (catalog === undefined) continue;
    out.set(String(member["expname"]), typeof catalog === "string" && catalog.trim() !== "" ? catalog : null);
  }
  return out;
}

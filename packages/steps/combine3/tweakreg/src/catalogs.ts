import type { ModelContainer, Table } from "@calwebb/datamodels";
import { readEcsv } from "@calwebb/ecsv";
import { ValidationError } from "@calwebb/errors";
import type { SkyCatalog } from "./align.js";
import type { PixelCatalog } from "./kernel/detect.js";

/** Catalogs that need a network. */
const NETWORK = ["GAIAREFCAT", "GAIADR3", "GAIADR2", "GAIADR1", "GAIADR3_S3"];

/** Columns of a table by name; values that are no numbers are NaN. */
export type Columns = ReadonlyMap<string, readonly number[]>;

/** The columns of a table in text form (ECSV, CSV). */
export function textColumns(text: string, name: string): Columns {
  return new Map(
    readEcsv(text, name).columns.map((c) => [c.name, c.values.map((v) => (v === undefined ? Number.NaN : Number(v)))]),
  );
}

/** The columns of a table of a FITS file that hold one number each row. */
export function tableColumns(table: Table): Columns {
  const out = new Map<string, readonly number[]>();
  for (const { name, dtype, shape, data } of table.columns)
    if (dtype !== "string" && shape.length === 0) out.set(name, Array.from(data as ArrayLike<number | bigint>, Number));
  return out;
}

/** A catalog of pixel positions. @throws {ValidationError} without columns x and y */
export function pixelCatalog(table: Columns, name: string): PixelCatalog {
  const [x, y] = ["x", "y"].map((a) => [a, `${a}centroid`, `${a}_centroid`].map((n) => table.get(n)).find((v) => v));
  if (!x || !y)
    throw new ValidationError(`${name} needs the columns x and y, or xcentroid and ycentroid`, {
      file: name,
      got: [...table.keys()].join(", "),
    });
  const weight = table.get("weight");
  const usable = (i: number): boolean => [x, y, weight ?? x].every((v) => Number.isFinite(v[i]));
  const rows = x.map((_, i) => i).filter(usable);
  const pick = (v: readonly number[] | undefined, missing: (i: number) => number): number[] =>
    rows.map((i) => v?.[i] ?? missing(i));
  return {
    id: pick(table.get("id") ?? table.get("label"), (i) => i + 1),
    x: pick(x, () => Number.NaN),
    y: pick(y, () => Number.NaN),
    flux: pick(table.get("flux"), () => Number.NaN),
    ...(weight ? { weight: pick(weight, () => Number.NaN) } : {}),
  };
}

/**
 * A catalog of sky positions. Rows without a position (or without a weight, where there are weights) are left out.
 * @returns the catalog, and how many rows there were
 * @throws {ValidationError} without RA and DEC, in any case, or sky_centroid
 */
export function skyCatalog(table: Columns, name: string): SkyCatalog & { rows: number } {
  const find = (wanted: string): readonly number[] | undefined => {
    const found = [...table.keys()].filter((c) => c.toUpperCase() === wanted);
    if (found.length > 1) throw new ValidationError(`${name} has several columns ${wanted}`, { file: name });
    return found.length === 0 ? undefined : table.get(found[0]);
  };
  const [ra, dec] = ["RA", "DEC"].map((axis) => find(axis) ?? find(`SKY_CENTROID.${axis}`));
  if (!ra || !dec)
    throw new ValidationError(`${name} needs the columns RA and DEC [deg], or sky_centroid`, {
      file: name,
      got: [...table.keys()].join(", "),
    });
  const weight = table.get("weight");
  const rows = ra.map((_, i) => i).filter((i) => [ra, dec, weight ?? ra].every((v) => Number.isFinite(v[i])));
  if (rows.length === 0 && ra.length > 0)
    throw new ValidationError(`${name} has no source with a position`, { file: name });
  const pick = (v: readonly number[]): Float64Array => Float64Array.from(rows, (i) => v[i]);
  return { ra: pick(ra), dec: pick(dec), ...(weight ? { weight: pick(weight) } : {}), rows: ra.length };
}

/** @throws {ValidationError} for a catalog that only a network has */
export function refuseNetwork(name: string): void {
  if (NETWORK.includes(name.trim().toUpperCase()))
    throw new ValidationError(
      `abs_refcat=${name} would be fetched from a network, which is not done: give a file with the columns RA and DEC [deg] as abs_refcat`,
      { where: "abs_refcat", got: name, wanted: "the name of a file" },
    );
}

/**
 * Which catalog belongs to which exposure, from a list or from the members of an association; null: sources are to be found. Catalogs of a
 * list lie in its folder.
 */
export function customCatalogs(
  list: { name: string; text: string } | undefined,
  container: ModelContainer,
): Map<string, string | null> {
  const out = new Map<string, string | null>();
  if (list !== undefined) {
    const folder = list.name.slice(0, Math.max(list.name.lastIndexOf("/"), list.name.lastIndexOf("\\")) + 1);
    for (const line of list.text.split(/\r?\n/)) {
      const [exposure, catalog, ...rest] = line.trim().split(/\s+/);
      if (!exposure || exposure.startsWith("#")) continue;
      if (rest.length > 0)
        throw new ValidationError("catfile has more than two columns", { where: "catfile", got: line });
      out.set(exposure, catalog === undefined ? null : /^([\\/]|[a-z]:)/i.test(catalog) ? catalog : folder + catalog);
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

import type { Model, Table } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { Logger } from "@calwebb/stpipe";

/** Apertures of the photometry [pixels of the image]. */
export interface Apertures {
  /** Encircled energies [percent]. */
  energies: readonly number[];
  radii: readonly number[];
  corrections: readonly number[];
  inner: number;
  outer: number;
}

/** A reference that does not have what the exposure needs. */
export class NoReferenceData extends Error {}

/** Which rows belong to an exposure. */
function selectorOf(model: Model, what: "apcorr" | "abvegaoffset"): Record<string, unknown> {
  const { name, filter, pupil, detector } = model.meta.instrument;
  if (name === "NIRCAM" || name === "NIRISS") return { filter, pupil };
  if (name === "MIRI") return what === "apcorr" ? { filter, subarray: model.meta.subarray.name } : { filter };
  if (name === "FGS") return what === "apcorr" ? {} : { detector };
  throw new NoReferenceData(`${name} is not an imager.`);
}

const said = (selector: Record<string, unknown>): string =>
  Object.entries(selector)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");

/**
 * Radii and corrections of three encircled energies.
 * @throws {ValidationError} when the energies do not increase from above 0 to below 100
 * @throws {NoReferenceData} when the reference lacks them
 */
export function aperturesOf(
  model: Model,
  reference: Model | undefined,
  energies: readonly number[],
  log: Logger,
): Apertures {
  if (energies.some((e, i) => e <= 0 || e >= 100 || (i > 0 && e <= energies[i - 1])))
    throw new ValidationError("encircled energies must increase and lie between 0 and 100 percent", {
      got: energies.join(", "),
      where: "aperture_ee1, aperture_ee2, aperture_ee3",
    });
  if (!reference) {
    log.warn("no APCORR reference: apertures of 1, 2 and 3 pixels without corrections");
    return { energies: [1, 2, 3], radii: [1, 2, 3], corrections: [1, 1, 1], inner: 5, outer: 10 };
  }
  const table = reference.get("apcorr_table") as Table | undefined;
  if (!table) throw new NoReferenceData("The APCORR reference has no table.");
  const selector = selectorOf(model, "apcorr");
  const rows = Array.from({ length: table.nrows }, (_, i) => i).filter((i) =>
    Object.entries(selector).every(([key, value]) => table.cell(key, i) === value),
  );
  if (rows.length === 0) throw new NoReferenceData(`The APCORR reference has no rows for ${said(selector)}.`);
  let ratio = model.get("meta.resample.pixel_scale_ratio") as number | undefined;
  if (ratio === undefined || ratio === null) {
    log.warn("the ratio of pixel scales is not known: pixels are taken to have the size of the detector's");
    ratio = 1;
  }
  const scaled = (value: number): number => Math.fround(value / (ratio as number));
  const chosen = energies.map((energy) => {
    const found = rows.filter((i) => Math.round(Math.fround(Number(table.cell("eefraction", i)) * 100)) === energy);
    if (found.length !== 1)
      throw new NoReferenceData(
        `The APCORR reference has ${found.length} rows for an encircled energy of ${energy} %.`,
      );
    return found[0];
  });
  const column = (name: string): number[] => chosen.map((i) => Number(table.cell(name, i)));
  const [inner, outer] = [new Set(column("skyin")), new Set(column("skyout"))];
  if (inner.size !== 1 || outer.size !== 1)
    throw new NoReferenceData("The APCORR reference has several background annuli for one set of apertures.");
  return {
    energies,
    radii: column("radius").map(scaled),
    corrections: column("apcorr"),
    inner: scaled([...inner][0]),
    outer: scaled([...outer][0]),
  };
}

/** An array in an ASDF file. */
interface StoredArray {
  readonly datatype: unknown;
  read(): Promise<{ flat(): ArrayLike<unknown> }>;
  readText(): Promise<string[]>;
}

/** A table in an ASDF file. */
interface StoredTable {
  value: { columns: { value: { name: string; data: StoredArray | readonly unknown[] } }[] };
}

/** Values of the columns of a table in an ASDF file. */
async function columnsOf(node: unknown): Promise<Map<string, ArrayLike<unknown>>> {
  const out = new Map<string, ArrayLike<unknown>>();
  const columns = (node as Partial<StoredTable> | undefined)?.value?.columns;
  if (!Array.isArray(columns)) throw new NoReferenceData("The ABVEGAOFFSET reference has no table.");
  for (const { value } of columns) {
    if (Array.isArray(value.data)) {
      out.set(value.name, value.data);
      continue;
    }
    const array = value.data as StoredArray;
    out.set(value.name, Array.isArray(array.datatype) ? await array.readText() : (await array.read()).flat());
  }
  return out;
}

/**
 * AB magnitude less Vega magnitude of the exposure's filter; 0 without a reference.
 * @throws {NoReferenceData} when the reference has no row, or several, for the exposure
 */
export async function vegaOffset(model: Model, reference: Model | undefined, log: Logger): Promise<number> {
  if (!reference) {
    log.warn("no ABVEGAOFFSET reference: Vega magnitudes are AB magnitudes");
    return 0;
  }
  const columns = await columnsOf(reference.get("abvega_offset"));
  const selector = selectorOf(model, "abvegaoffset");
  const offsets = Array.from(columns.get("abvega_offset") ?? []);
  const rows = offsets.filter((_, i) =>
    Object.entries(selector).every(([key, value]) => columns.get(key)?.[i] === value),
  );
  if (rows.length !== 1)
    throw new NoReferenceData(`The ABVEGAOFFSET reference has ${rows.length} rows for ${said(selector)}.`);
  return Number(rows[0]);
}

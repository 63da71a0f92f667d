import { readFileSync } from "node:fs";
import { type EcsvText, readEcsv } from "@calwebb/ecsv";

/** Sources within this distance are the same [arcsec]. */
const SAME = 0.1;

const columnOf = (table: EcsvText, name: string): number[] =>
  (table.columns.find((c) => c.name.toLowerCase() === name)?.values ?? []).map((v) =>
    v === undefined ? Number.NaN : Number(v),
  );

const medianOf = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Compare the stars of a catalog with the true ones, in a sentence. Both are ECSV files. */
export function matchSources(catalogFile: string, truthFile: string): string {
  const [catalog, truth] = [catalogFile, truthFile].map((file) => readEcsv(readFileSync(file, "utf8"), file));
  const kinds = truth.columns.find((c) => c.name === "kind")?.values ?? [];
  const [ra, dec, flux] = ["ra", "dec", "flux"].map((name) => columnOf(truth, name));
  const [x, y, total] = ["sky_centroid.ra", "sky_centroid.dec", "aper_total_flux"].map((name) =>
    columnOf(catalog, name),
  );
  const stars = kinds.flatMap((kind, k) => (kind === "star" ? [k] : []));
  const distances: number[] = [];
  const ratios: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const scale = Math.cos((y[i] * Math.PI) / 180);
    const near = stars
      .map((k) => ({ k, distance: 3600 * Math.hypot((ra[k] - x[i]) * scale, dec[k] - y[i]) }))
      .sort((a, b) => a.distance - b.distance)[0];
    if (near === undefined || near.distance > SAME) continue;
    distances.push(near.distance);
    if (Number.isFinite(total[i])) ratios.push(total[i] / flux[near.k]);
  }
  const mas = (1000 * medianOf(distances)).toFixed(1);
  const percent = (100 * (medianOf(ratios) - 1)).toFixed(1);
  return `${x.length} sources found; ${distances.length} are stars of the simulation, ${mas} mas from where they are and ${percent} % off in flux (medians)`;
}

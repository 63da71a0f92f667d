import type { EcsvColumn, EcsvTable, EcsvType } from "@calwebb/ecsv";
import type { Photometry, Source } from "./kernel.js";

/** What the catalog is made of; `photometry` has the whole image when `whole` is set. */
export interface CatalogParts {
  mjd: Float64Array;
  bjd: Float64Array;
  unit: string;
  photometry: Photometry;
  whole: boolean;
  x: Float64Array;
  y: Float64Array;
  ra: Float64Array;
  dec: Float64Array;
  source: Source | undefined;
  /** Widths are there. */
  fitted: boolean;
  meta: EcsvTable["meta"];
}

const combine = (a: Float64Array, b: Float64Array, f: (a: number, b: number) => number): Float64Array =>
  a.map((v, i) => f(v, b[i]));

/** The catalog with its columns in their order. */
export function catalogOf(parts: CatalogParts): EcsvTable {
  const { photometry: p, unit, whole, source } = parts;
  const columns: EcsvColumn[] = [];
  const add = (name: string, values: Float64Array, columnUnit?: string, type: EcsvType = "float64"): void => {
    columns.push({ name, type, ...(columnUnit === undefined ? {} : { unit: columnUnit }), values });
  };
  add("MJD", parts.mjd);
  add("BJD_TDB", parts.bjd);
  const sums = whole ? "float32" : "float64";
  add("aperture_sum", p.apertureSum, unit, sums);
  add("aperture_sum_err", p.apertureError, unit, sums);
  const background = [
    "annulus_sum",
    "annulus_sum_err",
    "annulus_mean",
    "annulus_mean_err",
    "aperture_bkg",
    "aperture_bkg_err",
  ];
  if (whole) {
    for (const name of background) add(name, new Float64Array(parts.mjd.length).fill(Number.NaN));
    add("net_aperture_sum", p.apertureSum, unit, sums);
    add("net_aperture_sum_err", p.apertureError, unit, sums);
  } else {
    const mean = combine(p.annulusSum, p.annulusArea, (s, a) => s / a);
    const meanError = combine(p.annulusError, p.annulusArea, (s, a) => s / a);
    const inside = combine(mean, p.apertureArea, (m, a) => m * a);
    const insideError = combine(meanError, p.apertureArea, (m, a) => m * a);
    const values = [p.annulusSum, p.annulusError, mean, meanError, inside, insideError];
    for (const [i, name] of background.entries()) add(name, values[i], unit);
    add(
      "net_aperture_sum",
      combine(p.apertureSum, inside, (s, b) => s - b),
      unit,
    );
    add(
      "net_aperture_sum_err",
      combine(p.apertureError, insideError, (s, b) => Math.sqrt(s * s + b * b)),
      unit,
    );
  }
  add("aperture_x", parts.x, "pix");
  add("aperture_y", parts.y, "pix");
  add("aperture_ra_icrs", parts.ra, "deg");
  add("aperture_dec_icrs", parts.dec, "deg");
  if (source) {
    add("centroid_x", source.x, "pix");
    add("centroid_y", source.y, "pix");
    if (parts.fitted) {
      add("psf_width_x", source.widthX, "pix");
      add("psf_width_y", source.widthY, "pix");
      add("psf_flux", source.flux, unit);
    }
  }
  return { columns, meta: parts.meta };
}

import type { EcsvColumn, EcsvTable, SkyColumn } from "@calwebb/ecsv";
import {
  abMagnitude,
  annulusBackground,
  circleFlux,
  daoStatistics,
  type Image,
  type Measured,
  nearest,
} from "./kernel.js";
import type { Apertures } from "./references.js";
import type { Sources } from "./sources.js";

/** What the catalog is made of; fluxes in Jy. */
export interface CatalogInput {
  image: Image;
  sources: Sources;
  apertures: Apertures;
  vegaOffset: number;
  fwhm: number;
  thresholds: readonly [number, number];
  /** Pixels to sky [deg]; undefined without world coordinates. */
  sky: ((x: Float64Array, y: Float64Array) => readonly Float64Array[]) | undefined;
  /** Angle of north, counter-clockwise from x [deg]. */
  north: number;
  meta: EcsvTable["meta"];
}

const MAGNITUDE = ".6f";
const FLUX = ".6e";

/** Builds the list of columns. */
class Columns {
  readonly list: (EcsvColumn | SkyColumn)[] = [];

  add(name: string, values: EcsvColumn["values"], description: string, more: Partial<EcsvColumn> = {}): void {
    this.list.push({ name, type: "float64", description, values, ...more });
  }

  /** Places on the sky, or as many gaps. */
  position(name: string, sky: CatalogInput["sky"], x: Float64Array, y: Float64Array, description: string): void {
    if (!sky) {
      this.list.push({ name, type: "object", description, values: Array.from(x, () => undefined) });
      return;
    }
    const [ra, dec] = sky(x, y);
    this.list.push({ name, description, ra, dec });
  }

  /** A quantity and its error. */
  pair(name: string, m: Measured, description: string, more: Partial<EcsvColumn>): void {
    this.add(name, m.value, description, more);
    this.add(`${name}_err`, m.error, `${description}: error`, more);
  }
}

interface Photometry {
  background: Measured;
  fluxes: Measured[];
  total: Measured;
}

function photometry({ image, sources, apertures }: CatalogInput): Photometry {
  const background = annulusBackground(image, sources, apertures.inner, apertures.outer);
  const fluxes = apertures.radii.map((radius) => circleFlux(image, sources, radius, background.value));
  const last = fluxes[fluxes.length - 1];
  const factor = apertures.corrections[fluxes.length - 1];
  return {
    background,
    fluxes,
    total: { value: last.value.map((v) => factor * v), error: last.error.map((v) => factor * v) },
  };
}

function addPhotometry(columns: Columns, input: CatalogInput, { background, fluxes, total }: Photometry): void {
  const jansky = { unit: "Jy", format: FLUX };
  const { energies } = input.apertures;
  columns.pair("aper_bkg_flux", background, "Local background per pixel: clipped median in the annulus", jansky);
  const within = (i: number): string => `within the circle of ${energies[i]}% encircled energy`;
  const sum = `corrected for the aperture, from the circle of ${energies[energies.length - 1]}% encircled energy; for unresolved sources only`;
  for (const [i, flux] of fluxes.entries()) columns.pair(`aper${energies[i]}_flux`, flux, `Flux ${within(i)}`, jansky);
  columns.pair("aper_total_flux", total, `Total flux ${sum}`, jansky);
  for (const [kind, name, offset] of [
    ["abmag", "AB magnitude", 0],
    ["vegamag", "Vega magnitude", input.vegaOffset],
  ] as const) {
    const magnitude = ({ value, error }: Measured): Measured => {
      const m = abMagnitude(value, error);
      return { value: m.value.map((v) => v - offset), error: m.error };
    };
    for (const [i, flux] of fluxes.entries())
      columns.pair(`aper${energies[i]}_${kind}`, magnitude(flux), `${name} ${within(i)}`, { format: MAGNITUDE });
    columns.pair(`aper_total_${kind}`, magnitude(total), `Total ${name} ${sum}`, { format: MAGNITUDE });
  }
}

function addExtras(columns: Columns, input: CatalogInput, { fluxes }: Photometry, integer: "int32" | "int64"): void {
  const { energies } = input.apertures;
  const ratio = (i: number, j: number): Float64Array => fluxes[j].value.map((v, k) => v / fluxes[i].value[k]);
  const first = ratio(0, 1);
  const second = ratio(1, 2);
  for (const [i, j, values] of [
    [0, 1, first],
    [1, 2, second],
    [0, 2, ratio(0, 2)],
  ] as const)
    columns.add(
      `CI_${energies[j]}_${energies[i]}`,
      values,
      `Concentration index: aper${energies[j]}_flux / aper${energies[i]}_flux`,
      { format: ".4f" },
    );
  const [one, two] = input.thresholds;
  const extended = Array.from(first, (v, i) => v > one && second[i] > two);
  columns.add("is_extended", extended, "Whether the source is extended", { type: "bool" });
  const { sharpness, roundness } = daoStatistics(input.image, input.sources, input.fwhm);
  columns.add("sharpness", sharpness, "Sharpness as DAOFIND defines it", { format: MAGNITUDE });
  columns.add("roundness", roundness, "Roundness as DAOFIND defines it", { type: "float32", format: MAGNITUDE });
  const { index, distance } = nearest(input.sources);
  const label = index.map((i) => (i < 0 ? -1 : input.sources.label[i]));
  columns.add("nn_label", label, "Label of the nearest source", { type: integer });
  columns.add("nn_dist", distance, "Distance to the nearest source", { unit: "pix", format: MAGNITUDE });
}

function addIsophotal(columns: Columns, input: CatalogInput): void {
  const { sources: s } = input;
  const unit = (name: string): Partial<EcsvColumn> => (s.segmented ? { unit: name } : {});
  const { value, error } = abMagnitude(s.flux, s.fluxError);
  const vega = value.map((v) => v - input.vegaOffset);
  // DAOFIND's fluxes are single precision, and so is what follows from them alone.
  const float = s.segmented || s.hasOrientation ? "float64" : "float32";
  columns.add("isophotal_flux", s.flux, "Isophotal flux", { unit: "Jy", type: float, format: FLUX });
  columns.add("isophotal_flux_err", s.fluxError, "Isophotal flux: error", {
    ...unit("Jy"),
    type: s.segmented ? "float32" : "float64",
    format: FLUX,
  });
  columns.add("isophotal_abmag", value, "Isophotal AB magnitude", { type: float, format: MAGNITUDE });
  columns.add("isophotal_abmag_err", error, "Isophotal AB magnitude: error", { type: float, format: MAGNITUDE });
  columns.add("isophotal_vegamag", vega, "Isophotal Vega magnitude", { format: MAGNITUDE });
  columns.add("isophotal_vegamag_err", error, "Isophotal Vega magnitude: error", { type: float, format: MAGNITUDE });
  columns.add("isophotal_area", s.area, "Isophotal area", unit("pix2"));
  const sigma = "of the Gaussian with the second moments of the source: one standard deviation along the";
  const pixels = { ...unit("pix"), format: MAGNITUDE };
  columns.add("semimajor_sigma", s.semimajor, `Size ${sigma} major axis`, pixels);
  columns.add("semiminor_sigma", s.semiminor, `Size ${sigma} minor axis`, pixels);
  columns.add("ellipticity", s.ellipticity, "1 less the ratio of the axes", { ...unit(""), format: MAGNITUDE });
  columns.add("orientation", s.orientation, "Angle of the major axis, counter-clockwise from x", {
    ...(s.hasOrientation ? { unit: "deg" } : {}),
    format: MAGNITUDE,
  });
  const onSky = s.orientation.map((angle) => {
    const turned = (180 - input.north + angle) % 360;
    return turned < 0 ? turned + 360 : turned;
  });
  columns.add("sky_orientation", onSky, "Position angle of the major axis from north", {
    ...(input.sky ? { unit: "deg" } : {}),
    format: MAGNITUDE,
  });
}

const CORNERS = [
  ["ll", "lower left", "x0", "y0"],
  ["ul", "upper left", "x0", "y1"],
  ["lr", "lower right", "x1", "y0"],
  ["ur", "upper right", "x1", "y1"],
] as const;

function addCorners(columns: Columns, { sources, sky }: CatalogInput): void {
  for (const [name, said, kx, ky] of CORNERS) {
    const description = `Sky position of the ${said} corner of the box of the source`;
    if (!sources.segmented) {
      columns.add(`sky_bbox_${name}`, new Float64Array(sources.x.length).fill(Number.NaN), description);
      continue;
    }
    // Upper ends of boxes are one more than the last pixel; the corner lies half a pixel beyond that.
    const corner = (k: "x0" | "x1" | "y0" | "y1"): Float64Array =>
      Float64Array.from(sources.boxes, (b) => b[k] + (k.endsWith("0") ? -0.5 : UPPER));
    columns.position(`sky_bbox_${name}`, sky, corner(kx), corner(ky), description);
  }
}

/** Offset of upper corners from the end of a box. */
const UPPER = 0.5;

/** The catalog, its columns in their order. */
export function catalogOf(input: CatalogInput): EcsvTable {
  const { sources } = input;
  const integer = sources.segmented ? "int32" : "int64";
  const columns = new Columns();
  columns.add("label", sources.label, "Number of the source", { type: integer });
  columns.add("xcentroid", sources.x, "Centroid, x [pixel from 0]", { format: ".4f" });
  columns.add("ycentroid", sources.y, "Centroid, y [pixel from 0]", { format: ".4f" });
  columns.position("sky_centroid", input.sky, sources.x, sources.y, "Sky position of the centroid (ICRS)");
  const measured = photometry(input);
  addPhotometry(columns, input, measured);
  addExtras(columns, input, measured, integer);
  addIsophotal(columns, input);
  addCorners(columns, input);
  return { columns: columns.list, meta: input.meta };
}

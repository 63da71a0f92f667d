import { NdArray } from "@calwebb/array";
import { Tagged } from "@calwebb/asdf";
import { createModel, type Model, type ModelName, tableFrom } from "@calwebb/datamodels";
import { GAIN } from "../detector/maps.js";
import { distortion } from "../optics/aperture.js";
import { type Band, bandsOf, electronsPerMJySr, filterOffset, type Imager, vegaOffset } from "../optics/bands.js";
import type { Camera } from "../optics/camera.js";
import { encircledEnergy, encirclingRadius, psfOf, resolution } from "../optics/psf.js";
import { relativeArea } from "../sky/view.js";
import type { Reference } from "./models.js";

/** Prefix of the models of an instrument. */
const PREFIX: Readonly<Record<Imager, "Nrc" | "Nis" | "Mir" | "Fgs">> = {
  NIRCAM: "Nrc",
  NIRISS: "Nis",
  MIRI: "Mir",
  FGS: "Fgs",
};

/** Bands of the references: those of the instrument, and the camera's own where a mask or lens is in the pupil. */
function bandsFor({ mode, band }: Camera): readonly Band[] {
  const bands = bandsOf(mode.instrument as Imager);
  const known = bands.some((b) => b.filter === band.filter && b.pupil === band.pupil);
  return known ? bands : [...bands, band];
}

type Make = (type: string, name: ModelName, content: Record<string, unknown>, ext?: "fits" | "asdf") => Reference;

/** Makes references of a camera. */
const maker =
  (camera: Camera): Make =>
  (type, name, content, ext = "fits") => ({
    type,
    model: createModel(name, { ...content, meta: metadata(camera, type) } as never),
    fileName: `${camera.mode.instrument}_${camera.mode.detector}_${type}.${ext}`.toLowerCase(),
  });

/** The reference that says where coronagraphic images are compared. @param mask - [ny, nx], 1 where they are */
export const psfMaskReference = (camera: Camera, mask: NdArray<Float32Array>): Reference =>
  maker(camera)("psfmask", "PsfMaskModel", { data: mask });

/** The radii of the photometry of time series. */
export function tsoPhotReference(camera: Camera, radii: { radius: number; inner: number; outer: number }): Reference {
  const reference = maker(camera)("tsophot", "TsoPhotModel", {}, "asdf");
  const { radius, inner, outer } = radii;
  reference.model.set("radii", [{ pupil: "ANY", radius, radius_inner: inner, radius_outer: outer }]);
  return reference;
}

/**
 * Reference files that stages 2 and 3 ask for an exposure of this camera: distortion, filteroffset, photom, area, apcorr, abvegaoffset. The
 * flat is among those of the detector.
 */
export function* imagingReferences(camera: Camera): Generator<Reference> {
  const { mode, area } = camera;
  const instrument = mode.instrument as Imager;
  const bands = bandsFor(camera);
  const make = maker(camera);
  const withArea = ({ model, ...rest }: Reference): Reference => {
    model.set("meta.photometry.pixelarea_steradians", area.steradian);
    model.set("meta.photometry.pixelarea_arcsecsq", area.arcsec2);
    return { ...rest, model };
  };

  const transform = make("distortion", "DistortionModel", {}, "asdf");
  setUnits(transform.model);
  transform.model.set("model", distortion(camera.aperture).toAsdf());
  yield transform;
  if (instrument !== "FGS") {
    const offsets = make("filteroffset", "FilteroffsetModel", {}, "asdf");
    const filters = bands.map((band) => {
      const { row, column } = filterOffset(band);
      const { filter, pupil } = band;
      return { filter, ...(pupil ? { pupil } : {}), row_offset: row, column_offset: column };
    });
    offsets.model.set("filters", filters);
    yield offsets;
  }
  yield withArea(make("photom", `${PREFIX[instrument]}ImgPhotomModel`, { phot_table: photomTable(camera, bands) }));
  yield withArea(make("area", "PixelAreaModel", { data: areaMap(camera) }));
  yield make("apcorr", `${PREFIX[instrument]}ImgApcorrModel`, { apcorr_table: apertureTable(camera, bands) });
  yield vegaReference(instrument, mode.detector, bands, make);
}

/** Rows by filter and pupil; MIRI's by filter and subarray; FGS has one row. */
function selectors({ mode }: Camera, bands: readonly Band[]): Record<string, string[]> {
  if (mode.instrument === "FGS") return {};
  const filter = bands.map((b) => b.filter ?? "");
  if (mode.instrument === "MIRI") return { filter, subarray: bands.map(() => mode.subarray) };
  return { filter, pupil: bands.map((b) => b.pupil ?? "") };
}

/** MJy/sr of one DN/s. */
export const photmjsr = ({ mode, area }: Camera, band: Band): number =>
  GAIN[mode.instrument] / electronsPerMJySr(mode.instrument as Imager, band, area.steradian);

function photomTable(camera: Camera, bands: readonly Band[]): unknown {
  const factors = bands.map((band) => photmjsr(camera, band));
  return tableFrom({
    ...selectors(camera, bands),
    photmjsr: Float32Array.from(factors),
    uncertainty: Float32Array.from(factors, (f) => 0.01 * f),
  });
}

/** Shares of the flux whose apertures are listed. */
const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
/**
 * How often light is averaged over a pixel until it is summed in a circle on a drizzled image: by the detector's pixel, by the drop that it
 * becomes, by the pixel of the mosaic, and by the sum, which takes a pixel as uniform.
 */
const DRIZZLED = 4;
/** Background annulus [wavelength / mirror diameter]. */
const ANNULUS = [5, 8] as const;

/**
 * Apertures that hold a share of a star's light, and what their net flux has to be multiplied by. The image is a
 * drizzled one, and the annulus of the background has a part of the star's light.
 */
function apertureTable(camera: Camera, bands: readonly Band[]): unknown {
  const scale = Math.sqrt(camera.area.arcsec2);
  const rows = bands.flatMap((band) => {
    const psf = psfOf(band.wavelength, scale);
    const energy = (radius: number): number => encircledEnergy(psf, radius, DRIZZLED);
    const [inner, outer] = ANNULUS.map((r) => (r * resolution(band.wavelength)) / scale);
    const around = (energy(outer) - energy(inner)) / (outer * outer - inner * inner);
    return SHARES.map((share) => {
      const radius = encirclingRadius(psf, share, DRIZZLED);
      return { band, share, radius, correction: 1 / (share - around * radius * radius), inner, outer };
    });
  });
  const column = (value: (row: (typeof rows)[number]) => number): Float32Array => Float32Array.from(rows, value);
  return tableFrom({
    ...selectors(
      camera,
      rows.map((row) => row.band),
    ),
    eefraction: column((r) => r.share),
    radius: column((r) => r.radius),
    apcorr: column((r) => r.correction),
    skyin: column((r) => r.inner),
    skyout: column((r) => r.outer),
  });
}

const NDARRAY = "tag:stsci.edu:asdf/core/ndarray-1.1.0";

/** The table of AB less Vega magnitudes, as a table of astropy in ASDF. */
function vegaReference(instrument: Imager, detector: string, bands: readonly Band[], make: Make): Reference {
  const reference = make("abvegaoffset", "ABVegaOffsetModel", {}, "asdf");
  const columns: Record<string, unknown[]> = {};
  if (instrument === "FGS") columns["detector"] = [detector];
  else columns["filter"] = bands.map((b) => b.filter);
  if (instrument === "NIRCAM" || instrument === "NIRISS") columns["pupil"] = bands.map((b) => b.pupil);
  columns["abvega_offset"] = bands.map((b) => vegaOffset(b.wavelength));
  reference.model.set(
    "abvega_offset",
    new Tagged("tag:astropy.org:astropy/table/table-1.3.0", {
      colnames: Object.keys(columns),
      columns: Object.entries(columns).map(
        ([name, data]) =>
          new Tagged("tag:stsci.edu:asdf/table/column-1.2.0", { name, data: new Tagged(NDARRAY, data) }),
      ),
      qtable: true,
    }),
  );
  return reference;
}

function setUnits(model: Model): void {
  const unit = (name: string): Tagged => new Tagged("tag:stsci.edu:asdf/unit/unit-1.0.0", name);
  model.set("meta.input_units", unit("pixel"));
  model.set("meta.output_units", unit("arcsec"));
}

/** The pixel areas from the first pixel of the detector to the last one of the subarray: area maps cannot say where they begin. */
function areaMap(camera: Camera): NdArray<Float32Array> {
  const { xstart, ystart, xsize, ysize } = camera.mode;
  const region = { xstart: 1, ystart: 1, xsize: xstart - 1 + xsize, ysize: ystart - 1 + ysize };
  return new NdArray(relativeArea(camera, region), [region.ysize, region.xsize]);
}

/** Metadata of a reference that belongs to a detector in all its configurations. */
function metadata({ mode }: Camera, type: string): object {
  const { filter, pupil, channel, module, coronagraph } = mode.optics;
  const whole = { name: mode.instrument, detector: mode.detector, channel, module };
  return {
    telescope: "JWST",
    reftype: type,
    pedigree: "DUMMY",
    description: `Simulated ${type} reference`,
    author: "calwebb simulator",
    useafter: "2020-01-01T00:00:00",
    instrument: type === "area" || type === "psfmask" ? { ...whole, filter, pupil, coronagraph } : whole,
    exposure: { type: mode.expType },
    ...(type === "psfmask" ? { subarray: { name: mode.subarray } } : {}),
  };
}

import {
  BoundingBox,
  CompoundBoundingBox,
  dvaCorrection,
  type Frame,
  Identity,
  Mapping,
  type Pointing,
  pipe,
  Scale,
  type SlitKind,
  sideBySide,
  slitTransforms,
  type Transform,
  v23ToSky,
  Wcs,
} from "@calwebb/wcs";
import { type Box, slitBox } from "./boxes.js";
import { type Disperser, disperserOf, type Tilts } from "./disperser.js";
import type { Exposure, SpectralRange } from "./exposure.js";
import { frames } from "./frames.js";
import {
  gwaToSlit,
  msaToGwa,
  namedPixelsToSca,
  namedScaToGwa,
  passName,
  pixelsToSca,
  placeTransform,
  scaToGwa,
} from "./optics.js";
import type { Apertures, References } from "./references.js";
import { FIXED_QUADRANT, type Slit, type SlitRange, slitRow } from "./slits.js";

/** Where the telescope points; absent for exposures of lamps. */
export interface Sky {
  pointing: Pointing;
  vaScale: number | undefined;
}

/** What all slits of an exposure share. */
export interface Bench {
  exposure: Exposure;
  references: References;
  spectral: SpectralRange;
  disperser: Disperser;
  /** Pixels of the detector to the direction of light from the wheel. */
  fromDetector: Transform;
  /** The MSA [m] to the direction of light to the wheel. */
  fromMsa: Transform;
}

/** Read what all slits of an exposure share. */
export async function benchOf(
  exposure: Exposure,
  tilts: Tilts,
  references: References,
  spectral: SpectralRange,
): Promise<Bench> {
  const disperser = await disperserOf(exposure, tilts, references, spectral);
  return {
    exposure,
    references,
    spectral,
    disperser,
    fromDetector: await scaToGwa(exposure.detector, disperser, references),
    fromMsa: await msaToGwa(disperser, references),
  };
}

/** One aperture: how transforms know it, and its own ways. */
export interface Aperture {
  id: number;
  /** What files keep of it. */
  row: unknown;
  range: SlitRange;
  /** Direction at the wheel to position in the slit and wavelength, with its inverse. */
  fromGwa: Transform;
  /** Position in the slit to the MSA, or of the slice to the slicer. */
  toPlane: Transform;
}

/** Quadrants of the MSA that hold slits, in order, each read once. */
async function quadrantsOf(slits: readonly Slit[], references: References): Promise<[Apertures, Slit[]][]> {
  const out: [Apertures, Slit[]][] = [];
  for (let quadrant = 1; quadrant <= FIXED_QUADRANT; quadrant++) {
    const there = slits.filter((s) => s.quadrant === quadrant);
    if (there.length > 0) out.push([await references.apertures("msa", quadrant), there]);
  }
  return out;
}

/** Slits and their way to the MSA, quadrant by quadrant. */
export async function slitsOnMsa(
  slits: readonly Slit[],
  references: References,
): Promise<{ slit: Slit; toMsa: Transform }[]> {
  const out: { slit: Slit; toMsa: Transform }[] = [];
  for (const [apertures, there] of await quadrantsOf(slits, references))
    for (const slit of there) {
      // Shutters are counted from 1, fixed slits from 0.
      const index = slit.quadrant === FIXED_QUADRANT ? slit.shutter : slit.shutter - 1;
      out.push({ slit, toMsa: pipe(placeTransform(apertures.place(index)), apertures.transform) });
    }
  return out;
}

/** Position in a slit and wavelength [m] to pixels, for wavelengths in the frame of the observatory. */
export function slitToPixels(bench: Bench, toMsa: Transform): Transform {
  return pipe(
    sideBySide(pipe(toMsa, bench.fromMsa), new Identity(1)),
    new Mapping([3, 0, 1, 2]),
    bench.disperser.angleAtRest,
    bench.fromDetector.inverse,
    pixelsToSca(bench.exposure).inverse,
  );
}

/** Fixed slits, slitlets and shutters as apertures. */
export async function slitApertures(bench: Bench, slits: readonly Slit[]): Promise<Aperture[]> {
  return (await slitsOnMsa(slits, bench.references)).map(({ slit, toMsa }) => {
    const range: SlitRange = [slit.ymin, slit.ymax];
    const toGwa = pipe(toMsa, bench.fromMsa);
    return {
      id: slit.id,
      row: slitRow(slit),
      range,
      fromGwa: gwaToSlit(bench.disperser, { toGwa, toGwaOut: toGwa, withWavelength: false, range }),
      toPlane: toMsa,
    };
  });
}

/** Box of an aperture on the detector, cut to the rows with wavelengths. */
export function apertureBox(bench: Bench, { fromGwa, range }: Aperture): Box {
  const toSlit = pipe(pixelsToSca(bench.exposure), bench.fromDetector, fromGwa);
  return slitBox(toSlit.inverse, bench.spectral.range, range, toSlit);
}

/** Steps from the detector to the plane of the apertures, for all of them by name. */
function toApertures(bench: Bench, apertures: readonly Aperture[], plane: "slit2msa" | "slit2slicer") {
  const f = frames();
  const rows = apertures.map((a) => a.row);
  const picks = (kind: SlitKind, of: (a: Aperture) => Transform): Transform =>
    slitTransforms(kind, rows, apertures.map(of));
  const order = new Mapping([0, 1, 3, 2]).withInverse(new Mapping([0, 1, 3, 2]));
  const [x, y] = plane === "slit2msa" ? ["x_msa", "y_msa"] : ["x_slice", "y_slice"];
  return [
    { frame: f.detector, transform: namedPixelsToSca(bench.exposure) },
    { frame: f.sca, transform: namedScaToGwa(bench.fromDetector) },
    { frame: f.gwa, transform: picks("gwa_to_slit", (a) => a.fromGwa).named("gwa2slit") },
    {
      frame: f.slit,
      transform: pipe(passName(picks("slit_to_msa", (a) => a.toPlane)), order)
        .withAxes(["name", "x_slit", "y_slit", "lam"], [x, y, "lam", "name"])
        .named(plane),
    },
  ];
}

const named = (transform: Transform, name: string, from: [string, string], to: [string, string]): Transform =>
  passName(transform)
    .withAxes([...from, "lam", "name"], [...to, "lam", "name"])
    .named(name);

/** Steps from the MSA to the sky; wavelengths become um. */
async function toSky(bench: Bench, { pointing, vaScale }: Sky, ifu: boolean) {
  const f = frames();
  const { references } = bench;
  const repeat = new Mapping([0, 1, 2, 2])
    .withInverse(ifu ? new Mapping([0, 1, 2, 2]).named("fore2msa") : new Identity(3))
    .named("msa2fore_mapping");
  const fore = pipe(repeat, sideBySide(await references.transform("fore"), new Identity(1)));
  const entry = new Identity(3).withInverse(new Mapping([0, 1, 2, 2])).named("fore2ote_mapping");
  const ote = pipe(entry, sideBySide(await references.transform("ote"), new Scale(1e6)));
  const chromatic: { frame: Frame; transform: Transform }[] = [];
  if (ifu) {
    const correction = await references.transform("chromcorr");
    const back = sideBySide(correction.inverse, new Identity(1));
    chromatic.push({
      frame: f.ote,
      transform: named(correction.withInverse(back), "chrom_corr", ["x_ote", "y_ote"], ["x_ote", "y_ote"]),
    });
  }
  const sky = (transform: Transform, name: string, to: [string, string]): Transform =>
    sideBySide(transform, new Identity(2))
      .withAxes(["v2", "v3", "lam", "name"], [...to, "lam", "name"])
      .named(name);
  return [
    { frame: f.msa, transform: named(fore, "msa2oteip", ["x_msa", "y_msa"], ["x_ote", "y_ote"]) },
    ...chromatic,
    { frame: ifu ? f.oteCorrected : f.ote, transform: named(ote, "oteip2v23", ["x_ote", "y_ote"], ["v2", "v3"]) },
    { frame: f.v23, transform: sky(dvaCorrection(vaScale, pointing.v2Ref, pointing.v3Ref), "va_corr", ["v2", "v3"]) },
    { frame: f.v23Corrected, transform: sky(v23ToSky(pointing), "v2v3_to_sky", ["ra", "dec"]) },
    { frame: f.world },
  ];
}

/** Give a WCS a box for each of its apertures. */
function boxed(wcs: Wcs, bench: Bench, apertures: readonly Aperture[]): Wcs {
  const boxes = new Map<number, BoundingBox>();
  for (const aperture of apertures) boxes.set(aperture.id, new BoundingBox(apertureBox(bench, aperture)));
  wcs.boundingBox = new CompoundBoundingBox(2, boxes);
  return wcs;
}

/**
 * World coordinates of open slits, by their identifiers: detector, sca, gwa, slit_frame, msa_frame and, with a sky, oteip, v2v3,
 * v2v3vacorr, world. Transforms take and give the identifier of the slit beside the coordinates.
 */
export async function slitsWcs(bench: Bench, slits: readonly Slit[], sky: Sky | undefined): Promise<Wcs> {
  const apertures = await slitApertures(bench, slits);
  const start = toApertures(bench, apertures, "slit2msa");
  const rest = sky ? await toSky(bench, sky, false) : [{ frame: frames().msa }];
  return boxed(new Wcs([...start, ...rest]), bench, apertures);
}

/** The same for the slices of the IFU, which have the frame slicer before msa_frame and oteip_chromcorr after oteip. */
export async function slicesWcs(bench: Bench, apertures: readonly Aperture[], sky: Sky | undefined): Promise<Wcs> {
  const start = toApertures(bench, apertures, "slit2slicer");
  const spread = new Mapping([0, 1, 2, 2, 3]).withInverse(new Identity(4));
  const fore = sideBySide(await bench.references.transform("ifufore"), new Identity(2));
  const slicer = pipe(spread, fore)
    .withAxes(["x_slice", "y_slice", "lam", "name"], ["x_msa", "y_msa", "lam", "name"])
    .named("slicer2msa");
  const rest = sky ? await toSky(bench, sky, true) : [{ frame: frames().msa }];
  return boxed(new Wcs([...start, { frame: frames().slicer, transform: slicer }, ...rest]), bench, apertures);
}

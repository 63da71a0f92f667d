import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import {
  Arithmetic,
  boundingBoxFromShape,
  Const,
  celestialFrame,
  coords,
  dvaCorrection,
  type Frame,
  frame2D,
  Identity,
  Mapping,
  pipe,
  setWcs,
  sideBySide,
  type Transform,
  v23ToSky,
  Wcs,
} from "@calwebb/wcs";
import { isSpectralLampMode, type Log, metafileOf, pointingOf, recordRange, tiltsOf } from "./assign.js";
import { rotationOf } from "./disperser.js";
import { exposureOf, type SpectralRange, spectralRange } from "./exposure.js";
import { pixelsToSca, scaToGwa } from "./optics.js";
import type { Sky } from "./pipeline.js";
import type { References } from "./references.js";

/** Types of exposures that are images: acquisitions, focus and other pictures. All of them see the mirror; NRS_VERIFY is the one without a flat. */
export const NIRSPEC_IMAGES: ReadonlySet<string> = new Set([
  "NRS_CONFIRM",
  "NRS_FOCUS",
  "NRS_IMAGE",
  "NRS_MIMF",
  "NRS_MSATA",
  "NRS_TACONFIRM",
  "NRS_TACQ",
  "NRS_TASLIT",
  "NRS_VERIFY",
  "NRS_WATA",
]);

/** Types of spectra, whose header speaks of wavelengths even when they see the mirror. */
const SPECTRA: ReadonlySet<string> = new Set(["NRS_BRIGHTOBJ", "NRS_FIXEDSLIT", "NRS_MSASPEC"]);
/** Types of exposures that have a direction of dispersion. */
const DISPERSED: ReadonlySet<string> = new Set([...SPECTRA, "NRS_AUTOFLAT", "NRS_AUTOWAVE", "NRS_LAMP"]);

const isMirror = (grating: string | undefined): boolean => (grating ?? "").toLowerCase() === "mirror";

/** Whether the exposure is one for {@link assignImaging}: an image by its type, or any exposure that sees the mirror. */
export function isNirspecImage(type: string | undefined, grating: string | undefined): boolean {
  return isMirror(grating) || NIRSPEC_IMAGES.has((type ?? "").toUpperCase());
}

export interface ImagingOptions {
  references: References;
  log: Log;
}

/** A transform with the names of its axes. */
const step = (transform: Transform, name: string, inputs: readonly string[], outputs: readonly string[]): Transform =>
  transform.withAxes(inputs, outputs).named(name);

const plane = (name: string, x: string, y: string, unit: string): Frame =>
  frame2D(name, { axesNames: [x, y], units: [unit, unit] });

/** Direction of light from the wheel to the place on the MSA [m] and a wavelength, the same for all pixels. */
async function gwaToMsa(rotation: Transform, wavelength: number, references: References): Promise<Transform> {
  // The light meets the mirror again the other way round.
  const turned = (): Transform => new Arithmetic("multiply", new Const(-1), new Identity(1));
  const through = sideBySide(turned(), turned(), new Identity(1));
  const flat = coords({ model_type: "directional2unitless" }).named("directional_cosines2unitless");
  const collimator = await references.transform("collimator");
  const withWavelength = [new Mapping([0, 1, 1]), sideBySide(new Identity(2), new Const(wavelength))];
  const forward = pipe(through, rotation.inverse, flat, collimator, ...withWavelength);
  const back = pipe(collimator.inverse, flat.inverse, rotation, through);
  return step(forward.withInverse(back), "gwa2msa", ["angle1", "angle2", "angle3"], ["x_msa", "y_msa", "lam"]);
}

/** The MSA [m] and wavelength to the plane before the fore optics [deg]. The way back takes the first coordinate for the wavelength. */
async function msaToOte(references: References): Promise<Transform> {
  const repeat = new Mapping([0, 1, 2, 2]).withInverse(new Identity(3)).named("msa2fore_mapping");
  const fore = pipe(repeat, sideBySide(await references.transform("fore"), new Identity(1)));
  const spatial = (): Mapping => new Mapping([0, 1], 3);
  const back = pipe(new Mapping([0, 1, 0, 1]), fore.inverse, spatial());
  return step(pipe(fore, spatial()).withInverse(back), "msa2oteip", ["x_msa", "y_msa", "lam"], ["x_ote", "y_ote"]);
}

/** Steps from the MSA to the sky. */
async function msaToSky(msa: Frame, { pointing, vaScale }: Sky, references: References) {
  const v23 = ["v2", "v3"];
  const ote = await references.transform("ote");
  const aberration = dvaCorrection(vaScale, pointing.v2Ref, pointing.v3Ref);
  return [
    { frame: msa, transform: await msaToOte(references) },
    {
      frame: plane("oteip", "x_oteip", "y_oteip", "deg"),
      transform: step(ote, "oteip2v23", ["x_ote", "y_ote"], v23),
    },
    { frame: plane("v2v3", "v2", "v3", "arcsec"), transform: step(aberration, "va_corr", v23, v23) },
    {
      frame: plane("v2v3vacorr", "v2", "v3", "arcsec"),
      transform: step(v23ToSky(pointing), "v2v3_to_sky", v23, ["ra", "dec"]),
    },
    { frame: celestialFrame("world") },
  ];
}

/** The middle of a range of wavelengths: [m], or [um] where coordinates end at the MSA. */
function middleOf({ range: [low, high] }: SpectralRange, atMsa: boolean): number {
  const middle = low + (high - low) * 0.5;
  return atMsa ? middle * 1e6 : middle;
}

/**
 * Give an image its world coordinates and what the header says of them, in place: detector, sca, gwa, msa, oteip, v2v3, v2v3vacorr,
 * world; behind the opaque filter they end at the MSA. Exposures of the types of images get the box of their data.
 * @returns whether the coordinates are on the sky
 * @throws {MsaFileError} for shutters without their metadata file; {ValidationError} for missing keywords, images by a grating, and the IFU;
 * {ReferenceNotFound} for missing references
 */
export async function assignImaging(model: Model, { references, log }: ImagingOptions): Promise<boolean> {
  const exposure = exposureOf(model);
  const { wcsinfo, instrument } = model.meta;
  const { type, filter, detector } = exposure;
  if (!isMirror(exposure.grating))
    throw new ValidationError(`exposures of type ${type} need the mirror in the grating wheel`, {
      where: "GRATING",
      got: exposure.grating,
      wanted: "MIRROR",
    });
  if (type === "NRS_IFU")
    throw new ValidationError("exposures of type NRS_IFU with the mirror have no slices to give coordinates to", {
      where: "GRATING",
      got: exposure.grating,
    });
  if (type === "NRS_MSASPEC") metafileOf(model, type);
  if (SPECTRA.has(type) || isSpectralLampMode(instrument.lamp_mode ?? undefined)) {
    wcsinfo.specsys = "BARYCENT";
    wcsinfo.dispersion_direction = DISPERSED.has(type) ? 1 : undefined;
  }
  const spectral = spectralRange(exposure, references, (text) => log.info(text));
  recordRange(model, spectral);
  const rotation = await rotationOf(tiltsOf(model), references);
  const atMsa = filter === "OPAQUE";
  const xy = ["x", "y"];
  const angles = ["angle1", "angle2", "angle3"];
  const msa = plane("msa", "x_msa", "y_msa", "m");
  const toGwa = await scaToGwa(detector, { rotation }, references);
  const start = [
    { frame: frame2D("detector"), transform: step(pixelsToSca(exposure), "dms2sca", xy, xy) },
    { frame: frame2D("sca"), transform: step(toGwa, "det2gwa", xy, angles) },
    {
      frame: plane("gwa", "alpha_in", "beta_in", "rad"),
      transform: await gwaToMsa(rotation, middleOf(spectral, atMsa), references),
    },
  ];
  const vaScale = model.meta.velocity_aberration.scale_factor;
  const rest = atMsa ? [{ frame: msa }] : await msaToSky(msa, { pointing: pointingOf(model), vaScale }, references);
  const wcs = new Wcs([...start, ...rest]);
  if (NIRSPEC_IMAGES.has(type) && model.shape) wcs.boundingBox = boundingBoxFromShape(model.shape);
  setWcs(model, wcs);
  if (atMsa) wcsinfo.s_region = undefined;
  return !atMsa;
}

import { NdArray } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { NoDataOnDetector, ValidationError } from "@calwebb/errors";
import { type BoundingBox, type Pointing, setWcs, sRegion, type Wcs } from "@calwebb/wcs";
import { asBox, onDetector, pixelGrid, slitBox } from "./boxes.js";
import type { Tilts } from "./disperser.js";
import { type Exposure, exposureOf, isIfu, type SpectralRange, spectralRange } from "./exposure.js";
import { MsaFileError, openShutters } from "./metafile.js";
import { type Bench, benchOf, type Sky, slicesWcs, slitsOnMsa, slitsWcs, slitToPixels } from "./pipeline.js";
import type { References } from "./references.js";
import { requireSlices, SLICES, sliceApertures, sliceMap } from "./slices.js";
import { slitWcs } from "./slit-wcs.js";
import { brightObjectSlit, openFixedSlits, type Slit, type SlitRange } from "./slits.js";

/** How messages are given. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
}

/** What the coordinates of an exposure are made of, beside the exposure. */
export interface AssignOptions {
  references: References;
  range: SlitRange;
  /** Opens the MSA metadata file that the exposure names (MSAMETFL); its tables must be readable. */
  openMetafile(path: string): Promise<Model>;
  log: Log;
  /** IFU: keep slices apart, so that the number of the slice is one of the coordinates (default false). */
  keepSlices?: boolean;
}

const MSA_TYPES: ReadonlySet<string> = new Set(["NRS_MSASPEC", "NRS_AUTOFLAT"]);
const LAMP_TYPES: ReadonlySet<string> = new Set(["NRS_LAMP", "NRS_AUTOWAVE"]);
const LAMP_MODES: ReadonlySet<string> = new Set(["fixedslit", "brightobj", "ifu", "msaspec"]);

/** Whether the lamp was seen through slits, shutters or the IFU. */
export function isSpectralLampMode(lampMode: string | undefined): boolean {
  return LAMP_MODES.has((lampMode ?? "").toLowerCase());
}

/** Whether an exposure of a lamp was made without slits, shutters or the IFU and without the mirror: it has no coordinates. */
export function isOtherLamp(
  type: string | undefined,
  grating: string | undefined,
  lampMode: string | undefined,
): boolean {
  if ((grating ?? "").toLowerCase() === "mirror") return false;
  return LAMP_TYPES.has((type ?? "").toUpperCase()) && !isSpectralLampMode(lampMode);
}

/** Whether the exposure is a spectrum through slits, shutters or the IFU, which {@link assignSpectral} knows. */
export function isSpectral(
  type: string | undefined,
  grating: string | undefined,
  lampMode: string | undefined,
): boolean {
  if ((grating ?? "").toLowerCase() === "mirror") return false;
  const name = (type ?? "").toUpperCase();
  if (["NRS_IFU", "NRS_FIXEDSLIT", "NRS_BRIGHTOBJ"].includes(name) || MSA_TYPES.has(name)) return true;
  return LAMP_TYPES.has(name) && isSpectralLampMode(lampMode);
}

function needed(value: number | undefined | null, keyword: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ValidationError(`the exposure does not say where it points: ${keyword} is missing`, {
    where: keyword,
    got: String(value),
    wanted: "a number",
  });
}

/** Where an exposure points. */
export function pointingOf(model: Model): Pointing {
  const { wcsinfo } = model.meta;
  return {
    v2Ref: needed(wcsinfo.v2_ref, "V2_REF"),
    v3Ref: needed(wcsinfo.v3_ref, "V3_REF"),
    rollRef: needed(wcsinfo.roll_ref, "ROLL_REF"),
    raRef: needed(wcsinfo.ra_ref, "RA_REF"),
    decRef: needed(wcsinfo.dec_ref, "DEC_REF"),
  };
}

/** The sky of an exposure; undefined for lamps. */
export function skyOf(model: Model, exposure: Exposure): Sky | undefined {
  if (exposure.internal) return undefined;
  return { pointing: pointingOf(model), vaScale: model.meta.velocity_aberration.scale_factor };
}

/** Write the range of wavelengths and the order into the header. */
export function recordRange({ meta: { wcsinfo } }: Model, { range, order }: SpectralRange): void {
  wcsinfo.waverange_start = range[0];
  wcsinfo.waverange_end = range[1];
  wcsinfo.spectral_order = order;
}

/** How the grating wheel was turned. */
export function tiltsOf(model: Model): Tilts {
  const { gwa_xtilt: x, gwa_ytilt: y } = model.meta.instrument;
  return { x: x ?? undefined, y: y ?? undefined };
}

/** What all slits of an exposure share. */
export function bench(
  model: Model,
  exposure: Exposure,
  references: References,
  spectral: SpectralRange,
): Promise<Bench> {
  return benchOf(exposure, tiltsOf(model), references, spectral);
}

/** Pitch over size of the shutters of each quadrant. */
async function shutterScales(references: References): Promise<ReadonlyMap<number, readonly [number, number]>> {
  const out = new Map<number, readonly [number, number]>();
  for (let quadrant = 1; quadrant <= 4; quadrant++) {
    const { place } = await references.apertures("msa", quadrant);
    const [first, next, above] = [place(0), place(1), place(365)];
    out.set(quadrant, [(next.x - first.x) / first.width, above.y / first.height]);
  }
  return out;
}

/**
 * The MSA metadata file that an exposure names.
 * @throws {MsaFileError} when it names none
 */
export function metafileOf(model: Model, type: string): string {
  const file = (model.meta.instrument.msa_metadata_file ?? "").trim();
  if (file !== "" && file !== "N/A") return file;
  throw new MsaFileError(`exposures of type ${type} need an MSA metadata file, and MSAMETFL names none`, {
    where: "MSAMETFL",
  });
}

async function openSlits(model: Model, exposure: Exposure, options: AssignOptions): Promise<Slit[]> {
  const { references, range, log } = options;
  const { type, lampMode } = exposure;
  const { instrument, subarray, dither, observation } = model.meta;
  if (MSA_TYPES.has(type) || (LAMP_TYPES.has(type) && lampMode === "MSASPEC")) {
    const file = metafileOf(model, type);
    const metadataId = instrument.msa_metadata_id ?? undefined;
    if (metadataId === undefined)
      throw new MsaFileError("the exposure has no MSAMETID, by which its shutters are found", { where: "MSAMETID" });
    const position = dither.position_number ?? undefined;
    if (position === undefined)
      throw new MsaFileError("the exposure has no PATT_NUM, by which its shutters are found", { where: "PATT_NUM" });
    const scales = await shutterScales(references);
    const opened = await options.openMetafile(file).catch((cause: unknown) => {
      throw new MsaFileError(`the MSA metadata file ${file} cannot be read`, { where: "MSAMETFL", file, cause });
    });
    const program = String(observation.program_number ?? "").replace(/^0+/, "");
    return openShutters(opened, { metadataId, dither: position, program, range, scales }, log);
  }
  if (type === "NRS_BRIGHTOBJ") return [brightObjectSlit(range)];
  if (subarray.name === undefined || subarray.name === null)
    throw new ValidationError("the exposure has no SUBARRAY, by which its slits are known", { where: "SUBARRAY" });
  instrument.fixed_slit ??= "NONE";
  return openFixedSlits(subarray.name, instrument.fixed_slit, range);
}

/** Slits of which something falls on the detector. @throws {NoDataOnDetector} when there are none */
async function slitsOnDetector(slits: readonly Slit[], bench: Bench, log: Log): Promise<Slit[]> {
  const missed = new Set<Slit>();
  for (const { slit, toMsa } of await slitsOnMsa(slits, bench.references)) {
    const box = slitBox(slitToPixels(bench, toMsa), bench.spectral.range, [slit.ymin, slit.ymax]);
    if (!onDetector(box)) missed.add(slit);
  }
  for (const slit of missed) log.info(`slit ${slit.name} does not fall on the detector and is left out`);
  const there = slits.filter((s) => !missed.has(s));
  if (there.length > 0) return there;
  throw new NoDataOnDetector(`no open slit falls on ${bench.exposure.detector}`, { where: "DETECTOR" });
}

/**
 * Give a spectral exposure its world coordinates and what the header says of them, in place. Slits are known by identifiers: fixed slits
 * by negative numbers, slitlets by their own. For the IFU an image of the slices goes to `regions`.
 * @throws {NoDataOnDetector} when no spectrum falls on the detector; {MsaFileError} when the open shutters are not known;
 * {ValidationError} for missing keywords; {ReferenceNotFound} for missing references
 */
export async function assignSpectral(model: Model, options: AssignOptions): Promise<void> {
  const { references, range, log } = options;
  const exposure = exposureOf(model);
  const { wcsinfo } = model.meta;
  // NRS_AUTOFLAT is a spectrum by the mode of its lamp alone.
  if (exposure.type !== "NRS_AUTOFLAT" || isSpectralLampMode(exposure.lampMode)) {
    wcsinfo.specsys = "BARYCENT";
    wcsinfo.dispersion_direction = 1;
  }
  const ifu = isIfu(exposure);
  if (ifu) requireSlices(exposure);
  const open = ifu ? [] : await openSlits(model, exposure, options);
  const spectral = spectralRange(exposure, references, (text) => log.info(text));
  recordRange(model, spectral);
  const shared = await bench(model, exposure, references, spectral);
  const sky = skyOf(model, exposure);
  if (ifu) {
    const wcs = await slicesWcs(shared, await sliceApertures(shared, range), sky);
    if (exposure.type !== "NRS_IFU") setWcs(model, wcs);
    else {
      describeSlices(model, wcs);
      const map = sliceMap(wcs);
      model.set("regions", new NdArray(map.regions, [2048, 2048]));
      setWcs(model, options.keepSlices ? wcs : map.wcs);
    }
  } else {
    const slits = await slitsOnDetector(open, shared, log);
    log.info(`slits on ${exposure.detector}: ${slits.map((s) => s.name).join(", ")}`);
    setWcs(model, await slitsWcs(shared, slits, sky));
  }
  if (!sky) wcsinfo.s_region = undefined;
}

/** S_REGION and range of wavelengths of an IFU exposure, from all its pixels. */
function describeSlices(model: Model, wcs: Wcs): void {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let near: number | undefined;
  for (let id = 0; id < SLICES; id++) {
    const own = slitWcs(wcs, id);
    const { x, y } = pixelGrid(asBox(own.boundingBox as BoundingBox));
    const found = own.evaluate([x, y]);
    for (let axis = 0; axis < 3; axis++)
      for (let v of found[axis]) {
        if (Number.isNaN(v)) continue;
        near ??= v;
        // Right ascensions are compared on one side of 0.
        if (axis === 0) v -= 360 * Math.round((v - near) / 360);
        if (v < low[axis]) low[axis] = v;
        if (v > high[axis]) high[axis] = v;
      }
  }
  const west = low[0] < 0 ? low[0] + 360 : low[0];
  const east = high[0] >= 360 ? high[0] - 360 : high[0];
  const corners = [
    [west, low[1]],
    [east, low[1]],
    [east, high[1]],
    [west, high[1]],
  ];
  const region = sRegion(corners);
  if (region !== undefined) model.meta.wcsinfo.s_region = region;
  model.set("meta.wcsinfo.spectral_region", [low[2], high[2]]);
}

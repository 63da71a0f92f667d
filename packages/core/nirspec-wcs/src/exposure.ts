import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { References } from "./references.js";

/** What of an exposure its world coordinates follow from. */
export interface Exposure {
  /** EXP_TYPE */
  type: string;
  detector: string;
  grating: string;
  filter: string;
  lamp: string | undefined;
  /** OPERATION MODE of lamp exposures: FIXEDSLIT, IFU, ... */
  lampMode: string;
  /** The sky is not seen, so that coordinates end at the MSA. */
  internal: boolean;
  /** First pixel of the subarray, from 1. */
  xstart: number;
  ystart: number;
  /** Temperature of the grating wheel [K]. */
  temperature: number | undefined;
  /** Velocity of the observatory towards the barycentre [m/s]. */
  velocity: number | undefined;
}

/** Order of the spectrum and shortest and longest wavelength [m]. */
export interface SpectralRange {
  order: number;
  range: readonly [number, number];
}

const LAMPS: ReadonlySet<string> = new Set(["NRS_LAMP", "NRS_AUTOWAVE", "NRS_AUTOFLAT"]);

/**
 * Read an exposure.
 * @throws {ValidationError} when a keyword is missing
 */
export function exposureOf(model: Model): Exposure {
  const { instrument, exposure, subarray, wcsinfo } = model.meta;
  const text = (value: string | undefined, keyword: string): string => {
    if (value !== undefined && value !== null) return value;
    throw new ValidationError(`the exposure has no ${keyword}, which its world coordinates need`, { where: keyword });
  };
  const type = text(exposure.type, "EXP_TYPE").toUpperCase();
  const filter = text(instrument.filter, "FILTER");
  const detector = text(instrument.detector, "DETECTOR").toUpperCase();
  if (detector !== "NRS1" && detector !== "NRS2")
    throw new ValidationError(`NIRSpec has no detector ${detector}`, { where: "DETECTOR", wanted: "NRS1, NRS2" });
  return {
    type,
    detector,
    grating: text(instrument.grating, "GRATING"),
    filter,
    lamp: instrument.lamp_state ?? undefined,
    lampMode: String(instrument.lamp_mode ?? "").toUpperCase(),
    internal: filter === "OPAQUE" || LAMPS.has(type),
    xstart: subarray.xstart ?? 1,
    ystart: subarray.ystart ?? 1,
    temperature: instrument.gwa_tilt ?? undefined,
    velocity: wcsinfo.velosys ?? undefined,
  };
}

/** Whether the exposure is one of the IFU. */
export function isIfu(exposure: Pick<Exposure, "type" | "lampMode">): boolean {
  return (
    exposure.type === "NRS_IFU" || (exposure.lampMode === "IFU" && ["NRS_LAMP", "NRS_AUTOWAVE"].includes(exposure.type))
  );
}

/** Range of wavelengths of the instrument [m]. */
const FULL_RANGE: readonly [number, number] = [0.6e-6, 5.3e-6];

/** Order and range of wavelengths of an exposure, from the wavelengthrange reference; the full range where it knows nothing of them. */
export function spectralRange(exposure: Exposure, references: References, log: (text: string) => void): SpectralRange {
  const reference = references.model("wavelengthrange");
  const names = ((reference.get("waverange_selector") as unknown[] | undefined) ?? []).map(String);
  const orders = references.numbers("wavelengthrange", "order");
  const ranges = reference.get("wavelengthrange");
  const { grating, filter, lamp, internal } = exposure;
  if (internal && lamp === undefined)
    throw new ValidationError("the exposure has no LAMP, which its range of wavelengths needs", { where: "LAMP" });
  const name = `${internal ? lamp : filter}_${grating}`;
  let index = names.indexOf(name);
  const known = index >= 0;
  if (!known) index = names.map((n) => n.split("_")[1]).indexOf(grating);
  const pair = index >= 0 ? pairAt(ranges, index) : FULL_RANGE;
  const found = { order: index >= 0 ? orders[index] : -1, range: pair };
  if (!known)
    log(`the wavelengthrange reference does not know ${name}: order ${found.order}, ${pair[0]} .. ${pair[1]} m`);
  return found;
}

function pairAt(ranges: unknown, index: number): readonly [number, number] {
  const row = Array.isArray(ranges) ? ranges[index] : undefined;
  const list = Array.isArray(row) ? row.map(Number) : [];
  if (list.length === 2 && list.every(Number.isFinite)) return [list[0], list[1]];
  throw new ValidationError(`the wavelengthrange reference has no range number ${index}`, { where: "wavelengthrange" });
}

import { poolError } from "../errors.js";
import type { PoolRow } from "../pool/row.js";
import { ACQUISITIONS, CORONAGRAPHIC, MEMBER_TYPE, MODIFIERS, TIME_SERIES } from "./exposure-types.js";

/**
 * Type of member that an exposure is by itself: science, psf, imprint, background, target_acquisition, dark, flat,
 * engineering, autoflat, autowave, or whatever its pointing type says when that is not "science".
 */
export function memberType(item: PoolRow): string {
  const pointing = item.valid("pntgtype");
  if (pointing !== undefined && pointing !== "science") return pointing;
  const expType = item.valid("exp_type");
  if (expType === undefined)
    throw poolError({ pool: item.pool, row: item.line, column: "exp_type", message: "no exposure type is given" });
  const type = MEMBER_TYPE[expType];
  if (type !== undefined) return type;
  for (const [special, column] of MODIFIERS) if (item.valid(column) !== undefined) return special;
  return "science";
}

const acquisitions = new Set(ACQUISITIONS);
const pointsAtScience = (item: PoolRow): boolean =>
  (item.get("pntgtype") ?? "science") === "science" && !acquisitions.has(item.get("exp_type") ?? "");

export const isAmi = (item: PoolRow): boolean => pointsAtScience(item) && item.get("exp_type") === "nis_ami";

/** Coronagraphic data; full frames of NIRCam detectors that the occulted target is not on are plain images. */
export function isCoronagraphic(item: PoolRow): boolean {
  const expType = item.get("exp_type") ?? "";
  if (!pointsAtScience(item) || !CORONAGRAPHIC.includes(expType)) return false;
  return expType !== "nrc_coron" || occulted(item);
}

/** Whether the occulted target is on this detector of NIRCam. */
function occulted(item: PoolRow): boolean {
  if (item.get("subarray") !== "full") return true;
  const pupil = item.get("pupil");
  const detector = item.get("detector") ?? "";
  if (pupil === "maskbar") return !["nrca1", "nrca2", "nrca3"].includes(detector);
  if (pupil === "maskrnd") return !["nrca1", "nrca3", "nrca4"].includes(detector);
  return true;
}

export function isTimeSeries(item: PoolRow): boolean {
  if (!pointsAtScience(item)) return false;
  return item.get("tsovisit") === "t" || TIME_SERIES.includes(item.get("exp_type") ?? "");
}

/** Whether the exposure is of a kind that can be a time series at all. */
export const mayBeTimeSeries: (item: PoolRow) => boolean = pointsAtScience;

/** NIRCam coronagraphy: mask and detector belong together. */
export function coronagraphDetectorValid(item: PoolRow): boolean {
  if ([item.valid("detector"), item.valid("subarray"), item.valid("pupil")].includes(undefined)) return false;
  return occulted(item);
}

/** NIRISS SOSS through a filter that is calibrated. */
export function sossFilterCalibrated(item: PoolRow): boolean {
  if (item.valid("exp_type") !== "nis_soss") return true;
  const filter = item.valid("filter");
  return filter !== undefined && filter !== "f277w";
}

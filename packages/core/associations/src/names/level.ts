import { IMAGE2_NONSCIENCE, IMAGE2_SCIENCE, SPEC2_SCIENCE } from "../rules/exposure-types.js";

const RAW = /^(.+)(_uncal)(\..+)/;
const STAGE2: ReadonlySet<string> = new Set([...IMAGE2_SCIENCE, ...IMAGE2_NONSCIENCE, ...SPEC2_SCIENCE]);

function rename(rawName: string, suffix: string): string {
  const match = RAW.exec(rawName);
  return match === null ? rawName : `${match[1]}_${suffix}${match[3]}`;
}

/** Name of the countrate file of a raw file; names that do not end in `_uncal` stay as they are. */
export function countrateName(rawName: string, integrations = false): string {
  return rename(rawName, integrations ? "rateints" : "rate");
}

/** Stage 3 combines the spectra that stage 2 has extracted from grism exposures. */
const GRISMS: ReadonlySet<string> = new Set(["nis_wfss", "nrc_wfss", "mir_wfss"]);

/**
 * Name of the file that stage 3 reads for a raw file.
 * @param options.expType - exposure type; those that stage 2 does not process keep their countrate
 * @param options.integrations - the product holds each integration
 * @param options.exptype - type of the member; backgrounds are extracted spectra
 */
export function calibratedName(
  rawName: string,
  options: { expType?: string; integrations?: boolean; exptype?: string } = {},
): string {
  const { expType, integrations = false, exptype = "science" } = options;
  const suffix =
    exptype === "background" || (exptype === "science" && expType !== undefined && GRISMS.has(expType))
      ? "x1d"
      : expType !== undefined && STAGE2.has(expType)
        ? "cal"
        : "rate";
  return rename(rawName, integrations ? `${suffix}ints` : suffix);
}

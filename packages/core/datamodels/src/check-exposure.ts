import { ValidationError } from "@calwebb/errors";
import type { Model } from "./model.js";

const INSTRUMENTS = ["NIRCAM", "NIRISS", "NIRSPEC", "MIRI", "FGS"];
const GUIDING = ["FGS_ID-IMAGE", "FGS_ID-STACK", "FGS_ACQ1", "FGS_ACQ2", "FGS_TRACK", "FGS_FINEGUIDE"];

/** What is wrong with the numbers that the shape of the ramps has to agree with. */
function* shapeProblems(model: Model): Generator<string> {
  const { exposure, subarray } = model.meta;
  const [nints, ngroups, ny, nx] = model.shape ?? [];
  const segment = (exposure.integration_end ?? 0) - (exposure.integration_start ?? 1) + 1;
  if (exposure.ngroups !== ngroups) yield `NGROUPS is ${exposure.ngroups ?? "missing"}, but SCI has ${ngroups} groups`;
  if (exposure.nints !== nints && (exposure.nints === undefined || segment !== nints))
    yield `NINTS is ${exposure.nints ?? "missing"}, but SCI has ${nints} integrations`;
  const irs2 = exposure.readpatt?.includes("IRS2") === true;
  for (const [keyword, value, size] of [
    ["SUBSIZE1", subarray.xsize, nx],
    ["SUBSIZE2", subarray.ysize, irs2 ? subarray.ysize : ny],
  ] as const)
    if (value === undefined) yield `${keyword} is missing`;
    else if (value !== size) yield `${keyword} is ${value}, but SCI has ${size} pixels along that axis`;
  for (const [keyword, value] of [
    ["SUBSTRT1", subarray.xstart],
    ["SUBSTRT2", subarray.ystart],
  ] as const)
    if (value === undefined) yield `${keyword} is missing`;
}

function* problems(model: Model, kind: "ramp" | "guider"): Generator<string> {
  const { instrument, exposure, subarray } = model.meta;
  if (instrument.name === undefined) yield `INSTRUME is missing, wanted one of ${INSTRUMENTS.join(", ")}`;
  else if (!INSTRUMENTS.includes(instrument.name))
    yield `INSTRUME is ${instrument.name}, wanted one of ${INSTRUMENTS.join(", ")}`;
  if (instrument.detector === undefined) yield "DETECTOR is missing";
  const type = exposure.type?.toUpperCase();
  const guiding = type !== undefined && GUIDING.includes(type);
  if (type === undefined) yield "EXP_TYPE is missing";
  else if (kind === "guider" && !guiding) yield `EXP_TYPE is ${type}, wanted one of ${GUIDING.join(", ")}`;
  else if (kind === "ramp" && guiding) yield `EXP_TYPE is ${type}, which calwebb_guider calibrates`;
  if (kind === "guider" || guiding) return;
  for (const [keyword, value] of [
    ["TFRAME", exposure.frame_time],
    ["TGROUP", exposure.group_time],
    ["NFRAMES", exposure.nframes],
  ] as const)
    if (value === undefined || !(value > 0)) yield `${keyword} is ${value ?? "missing"}, wanted a positive number`;
  // The frames of exposures that are read in stripes are not those of their metadata.
  const stripes = subarray as Readonly<Record<string, unknown>>;
  const striped = Number(stripes.num_superstripe ?? 0) > 0 || Number(stripes.multistripe_reads1 ?? 0) > 0;
  if (!striped && model.shape?.length === 4) yield* shapeProblems(model);
}

/**
 * Check that a raw exposure has the metadata that its calibration depends on, and that it agrees with the shape of the data.
 * @param kind - ramps, or what the guiders deliver
 * @throws {ValidationError} that names every keyword that is missing or wrong
 */
export function checkExposure(model: Model, kind: "ramp" | "guider"): void {
  const found = [...problems(model, kind)];
  if (found.length === 0) return;
  throw new ValidationError(found.join("; "), { file: model.meta.filename, where: found[0].split(" ")[0] });
}

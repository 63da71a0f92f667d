const SCALED = ["NIS_WFSS", "NRC_WFSS", "NRC_GRISM", "MIR_WFSS", "NIS_SOSS"];

/** Why the step does not apply to an exposure type; undefined when it does. */
export function unsupported(type: string | undefined): string | undefined {
  if (type === undefined || !SCALED.includes(type.toUpperCase())) return undefined;
  return `scaling a reference background to ${type} exposures is not supported; dedicated backgrounds of imaging and slit exposures are`;
}

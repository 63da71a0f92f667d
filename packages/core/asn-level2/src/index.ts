import type { Rule } from "@calwebb/associations";
import * as image from "./image.js";
import * as lrs from "./lrs.js";
import * as nirspec from "./nirspec.js";
import * as spectral from "./spectral.js";
import * as wfss from "./wfss.js";

export { level2Rule } from "./base.js";
export * from "./image.js";
export * from "./lrs.js";
export * from "./nirspec.js";
export * from "./spectral.js";
export { Asn_Lv2WFSSMIR, Asn_Lv2WFSSNIS, Asn_Lv2WFSSNRC, Asn_Lv2WFSSParallel } from "./wfss.js";

const isRule = (value: unknown): value is Rule => typeof value === "object" && value !== null && "constraints" in value;

/** Rules whose associations stage 2 processes, by name. */
export const level2Rules: readonly Rule[] = [image, lrs, nirspec, spectral, wfss]
  .flatMap((module) => Object.values(module).filter(isRule))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

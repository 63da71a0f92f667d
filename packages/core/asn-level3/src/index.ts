import type { Rule } from "@calwebb/associations";
import * as image from "./image.js";
import * as spectral from "./spectral.js";

export { level3Rule, scienceRule, spectrumRule } from "./base.js";
export * from "./image.js";
export * from "./spectral.js";

/** Rules whose associations stage 3 processes, by name. */
export const level3Rules: readonly Rule[] = [image, spectral]
  .flatMap((module) => Object.values(module))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

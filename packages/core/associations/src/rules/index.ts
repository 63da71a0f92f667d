import type { Rule } from "../rule.js";
import * as image2 from "./level2/image.js";
import * as lrs from "./level2/lrs.js";
import * as nirspec from "./level2/nirspec.js";
import * as spectral2 from "./level2/spectral.js";
import * as wfss from "./level2/wfss.js";
import * as image3 from "./level3/image.js";
import * as spectral3 from "./level3/spectral.js";

const byName = (rules: readonly Rule[]): readonly Rule[] =>
  [...rules].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** Rules whose associations stage 2 processes, by name. */
export const level2Rules: readonly Rule[] = byName(
  [image2, spectral2, nirspec, lrs, wfss].flatMap((m) => Object.values(m).filter(isRule)),
);

/** Rules whose associations stage 3 processes, by name. */
export const level3Rules: readonly Rule[] = byName([image3, spectral3].flatMap((m) => Object.values(m).filter(isRule)));

/** What the generator uses unless told otherwise: stage 2, then stage 3. */
export const defaultRules: readonly Rule[] = [...level2Rules, ...level3Rules];

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && "constraints" in value && "makeMember" in value;
}

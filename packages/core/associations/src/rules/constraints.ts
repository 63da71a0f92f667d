import {
  type AnyConstraint,
  AttrConstraint,
  all,
  any,
  Constraint,
  is,
  ListCategory,
  notAny,
  SimpleConstraint,
  same,
  sameIfAny,
} from "../constraint/declare.js";
import { matchesPattern } from "../constraint/nodes.js";
import type { PoolRow } from "../pool/row.js";
import { memberType } from "./exposure.js";
import { TIME_SERIES } from "./exposure-types.js";

/** Acquisition and confirmation images. */
export const targetAcquisition = (): SimpleConstraint =>
  new SimpleConstraint({ name: "target_acq", value: "target_acquisition", sources: memberType });

export const timeSeries = (): Constraint =>
  new Constraint(
    [
      new AttrConstraint({ sources: ["pntgtype"], value: "science" }),
      any(
        new AttrConstraint({ sources: ["tsovisit"], value: "t" }),
        new AttrConstraint({ sources: ["exp_type"], value: TIME_SERIES.join("|") }),
      ),
    ],
    { name: "is_tso" },
  );
export const notTimeSeries = (): Constraint => notAny(timeSeries());
export const notBackground = (): Constraint =>
  notAny(new AttrConstraint({ name: "bkgdtarg", sources: ["bkgdtarg"], forceUnique: false }));
export const notBackgroundOrTimeSeries = (): Constraint =>
  notAny(new AttrConstraint({ name: "bkgdtarg", sources: ["bkgdtarg"] }), timeSeries());

/** Wavefront sensing and control. */
export const wavefrontSensing = (): Constraint => all(all(is("visitype", ".+wfsc.+", "wfsc")));

const DIRECT_IMAGE = "\\[\\('c\\d{4}', 'direct_image'\\)\\]";
const isDirectImage = (item: PoolRow): boolean => {
  const candidate = item.valid("asn_candidate");
  return candidate !== undefined && matchesPattern(candidate, DIRECT_IMAGE);
};
export const directImageCandidate = (): AttrConstraint => is("asn_candidate", DIRECT_IMAGE, "acdirect");

/**
 * The same target in all members. Exposures of direct-image candidates have none: they stand for target 000.
 * `onlyIf`: rows whose target counts; others fit anyway, and all are offered again to associations that come later.
 */
export function sameTarget(onlyIf?: (item: PoolRow) => boolean): Constraint {
  const target: AnyConstraint =
    onlyIf === undefined
      ? same("target", "targetid")
      : new AttrConstraint({
          name: "target",
          sources: ["targetid"],
          onlyIf,
          forceReprocess: ListCategory.EXISTING,
          onlyOnMatch: true,
        });
  return new Constraint(
    [all(directImageCandidate(), new SimpleConstraint({ name: "target", sources: () => "000" })), target],
    { reduce: "any", mainPart: { index: 1, unless: isDirectImage } },
  );
}

/** The same target, except for exposures that are no science: they go with every target. */
export const sameScienceTarget = (type: (item: PoolRow) => string = memberType): AttrConstraint =>
  new AttrConstraint({
    name: "target",
    sources: ["targetid"],
    onlyIf: (item) => type(item) === "science",
    forceReprocess: ListCategory.EXISTING,
    onlyOnMatch: true,
  });

/** Filter, pupil or grating, slit and subarray; the slits S200A1 and S200A2 belong together. */
export const opticalPath = (): Constraint =>
  all(
    sameIfAny("opt_elem", "filter"),
    sameIfAny("opt_elem2", "pupil", "grating"),
    any(
      new AttrConstraint({
        name: "fxd_slit2",
        sources: ["fxd_slit"],
        value: ["s200a1|s200a2"],
        forceUnique: false,
        required: false,
      }),
      sameIfAny("fxd_slit", "fxd_slit"),
    ),
    same("subarray", "subarray"),
  );

/** One of several exposure types; members may differ in it when `mixed`. */
export const expType = (value: string, mixed = false): AttrConstraint =>
  new AttrConstraint({ name: "exp_type", sources: ["exp_type"], value, forceUnique: !mixed });

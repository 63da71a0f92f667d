import {
  type AnyConstraint,
  type Association,
  AttrConstraint,
  all,
  any,
  Constraint,
  type ConstraintOptions,
  countrateName,
  defineRule,
  is,
  ListCategory,
  Member,
  notAll,
  notAny,
  type PoolRow,
  type Rule,
  type RuleOptions,
  removeSuffix,
  SimpleConstraint,
  same,
  sameIfAny,
  type ValidityCheck,
} from "@calwebb/associations";
import {
  baseData,
  baseName,
  IMAGE2_SCIENCE,
  isAmi,
  isCoronagraphic,
  isTimeSeriesIn,
  memberType,
  SPEC2_SCIENCE,
} from "@calwebb/associations/rules";

/** Only observations; and backgrounds that have a background exposure. */
const allowedCandidates: ValidityCheck = (association) => {
  const type = association.acid.type.toLowerCase();
  if (type === "observation") return true;
  return type === "background" && association.currentProduct.members.some((m) => m.exptype === "background");
};

export const hasScience: ValidityCheck = (_association, member) => member.exptype === "science";

/** Type of member in stage 2: a PSF exposure is science like any other. */
export function level2Type(item: PoolRow): string {
  const type = memberType(item);
  return type === "psf" ? "science" : type;
}

/** Product name: the first science member without its suffix. */
export function level2ProductName(association: Association): string {
  const science = association.membersOfType("science")[0];
  if (science === undefined) return "undefined";
  const dot = science.expname.lastIndexOf(".");
  return removeSuffix(dot > 0 ? science.expname.slice(0, dot) : science.expname);
}

/** A rule whose products are single exposures for stage 2. */
export function level2Rule(options: RuleOptions): Rule {
  return defineRule({
    level: 2,
    schema: "level2",
    asnType: "spec2",
    accepts: (type) => type === "observation" || type === "background",
    validity: { has_science: hasScience, allowed_candidates: allowedCandidates },
    exposureType: (_association, item) => level2Type(item),
    makeMember(association, item) {
      const integrations = isCoronagraphic(item) || isAmi(item) || isTimeSeriesIn(association, item);
      return level2Member(this, association, item, integrations);
    },
    start(association, item) {
      association.target = item.get("targetid") ?? "null";
      association.program = (item.get("program") ?? "noprogram").padStart(5, "0");
      association.pool = baseName(item.pool);
      association.newProduct();
    },
    productName: level2ProductName,
    finalize(association) {
      if (!association.isValid) return [];
      association.currentProduct.name = this.productName(association);
      return [association];
    },
    toData: baseData,
    ...options,
  });
}

export function level2Member(rule: Rule, association: Association, item: PoolRow, integrations: boolean): Member {
  const exptype = rule.exposureType(association, item);
  return new Member(
    { expname: countrateName(item.filename, integrations), exptype, exposerr: item.get("exposerr") ?? null },
    item,
  );
}

/** Program, and whether it is a time series. */
export const base = (): Constraint => all(same("program", "program"), sameIfAny("is_tso", "tsovisit"));

/** Instrument, detector and optical elements; what stage 2 cannot process is left out. */
export const mode = (): Constraint =>
  all(
    same("instrument", "instrume"),
    same("detector", "detector"),
    same("opt_elem", "filter", "band"),
    sameIfAny("opt_elem2", "pupil", "grating"),
    sameIfAny("fxd_slit", "fxd_slit"),
    sameIfAny("subarray", "subarray"),
    sameIfAny("channel", "channel"),
    notAny(
      new AttrConstraint({ sources: ["detector"], value: "nirspec" }),
      new AttrConstraint({ sources: ["filter"], value: "opaque" }),
    ),
    notAll(
      new AttrConstraint({ sources: ["detector"], value: "nrcblong" }),
      new AttrConstraint({ sources: ["exp_type"], value: "nrc_tsgrism" }),
    ),
    notAny(new AttrConstraint({ sources: ["visitype"], value: ".+wfsc.+" })),
    sameIfAny("slit", "fxd_slit"),
  );

/** Exposures of a background target; they are offered again to associations that come later. */
export const background = (): AttrConstraint =>
  new AttrConstraint({
    name: "background",
    sources: ["bkgdtarg"],
    forceUnique: false,
    forceReprocess: ListCategory.EXISTING,
    onlyOnMatch: true,
  });

export const imprint = (): Constraint =>
  new Constraint([same("imprint", "is_imprt")], { reprocessOnMatch: true, workOver: ListCategory.EXISTING });

export const imageScience = (): AttrConstraint => is("exp_type", IMAGE2_SCIENCE.join("|"));

export const spectralScience = (...except: string[]): AttrConstraint =>
  is("exp_type", SPEC2_SCIENCE.filter((t) => !except.includes(t)).join("|"));

/** Backgrounds and PSF references. */
export const special = (): AttrConstraint => same("is_special", "bkgdtarg", "is_psf");

/** One science exposure, no more. */
export const singleScience = (options: ConstraintOptions = {}): Constraint =>
  new Constraint(
    [
      new SimpleConstraint({
        value: true,
        sources: (item, association) => association.rule.exposureType(association, item) === "science",
      }),
      new SimpleConstraint({ value: false, sources: (_item, association) => association.hasScience }),
    ],
    options,
  );

export const backgroundOrScience = (...parts: AnyConstraint[]): Constraint => any(background(), ...parts);

/** Rows that no association with its science member takes. */
export const unlessBackground = (item: PoolRow): boolean => item.valid("bkgdtarg") === undefined;
export const always = (): boolean => true;

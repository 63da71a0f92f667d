import {
  type Association,
  AttrConstraint,
  Constraint,
  calibratedName,
  defineRule,
  exposureName,
  ListCategory,
  Member,
  type PoolRow,
  type Rule,
  type RuleOptions,
  same,
  type ValidityCheck,
} from "@calwebb/associations";
import {
  baseData,
  baseName,
  escapePattern,
  instrumentName,
  isAmi,
  isCoronagraphic,
  isTimeSeriesIn,
  memberType,
  opticalElements,
  slitName,
  subarrayName,
  targetAcquisition,
  targetName,
} from "@calwebb/associations/rules";

export const hasScience: ValidityCheck = (_association, member) => member.exptype === "science";
export const hasPsf: ValidityCheck = (_association, member) => member.exptype === "psf";
export const candidateIs =
  (type: string): ValidityCheck =>
  (association) =>
    association.acid.type.toLowerCase() === type;

/** Candidates that stand for several observations. */
const SEVERAL = new Set(["group", "background", "mosaic"]);

const start = (a: Association): string => `jw${a.program}-${a.acid.id}`;

/** `jw<program>-<candidate>_<target>_<instrument>_<optical elements>[-<slit>][-<subarray>]` */
export const productName = (a: Association): string =>
  `${start(a)}_${targetName(a)}_${instrumentName(a)}_${opticalElements(a)}${slitName(a)}${subarrayName(a)}`.toLowerCase();

/** Without optical elements. */
export const productNameWithoutOptics = (a: Association): string =>
  `${start(a)}_${targetName(a)}_${instrumentName(a)}`.toLowerCase();

/** One product per source; stage 3 fills in the source. */
export const productNameOfSources = (a: Association): string =>
  `${start(a)}_{source_id}_${instrumentName(a)}_${opticalElements(a)}${slitName(a)}${subarrayName(a)}`.toLowerCase();

/** One product per source and slit; stage 3 fills in both. */
export const productNameOfSlits = (a: Association): string =>
  `${start(a)}_${targetName(a)}-{source_id}_${instrumentName(a)}_${opticalElements(a)}-{slit_name}${subarrayName(a)}`.toLowerCase();

/** Coronagraphic data combined as plain images. */
export const productNameOfCoronImage = (a: Association): string =>
  `${start(a)}_${targetName(a)}_${instrumentName(a)}_${opticalElements(a)}${subarrayName(a)}-image3`.toLowerCase();

/** A rule for stage 3 with constraints of its own. */
export function level3Rule(options: RuleOptions): Rule {
  return defineRule({
    level: 3,
    schema: "level3",
    validity: { has_science: hasScience },
    exposureType: (_association, item) => memberType(item),
    makeMember(association, item) {
      return level3Member(
        this,
        association,
        item,
        isCoronagraphic(item) || isAmi(item) || isTimeSeriesIn(association, item),
      );
    },
    start(association, item) {
      association.program = (item.get("program") ?? "noprogram").padStart(5, "0");
      association.pool = baseName(item.pool);
      association.newProduct();
    },
    productName,
    finalize(association) {
      return finalizeLevel3(this, association);
    },
    toData(association) {
      if (association.foundOf("program")?.length) association.target = targetName(association);
      return baseData(association);
    },
    ...options,
  });
}

export function finalizeLevel3(rule: Rule, association: Association): Association[] {
  if (SEVERAL.has(association.acid.type.toLowerCase()) && (association.foundOf("obs_num")?.length ?? 0) <= 1) return [];
  if (!association.isValid) return [];
  association.currentProduct.name = rule.productName(association);
  return [association];
}

export function level3Member(rule: Rule, association: Association, item: PoolRow, integrations: boolean): Member {
  const exptype = rule.exposureType(association, item);
  const expname = calibratedName(item.filename, { expType: item.get("exp_type"), integrations, exptype });
  return new Member(
    { expname, exptype, exposerr: item.get("exposerr") ?? null, asn_candidate: item.get("asn_candidate") ?? "" },
    item,
  );
}

const isAcquisition = (item: PoolRow): boolean => memberType(item) === "target_acquisition";

/**
 * The frame of all science rules: program and instrument; no imprints; the rule's own constraints, or acquisitions of the
 * observations that are in the association.
 */
export function science(constraints: Constraint): Constraint {
  const observation = new AttrConstraint({
    name: "obs_num",
    sources: ["obs_num"],
    forceUnique: false,
    required: false,
  });
  const acquisitions = new Constraint(
    [
      targetAcquisition(),
      new AttrConstraint({
        name: "acq_obsnum",
        sources: ["obs_num"],
        value: (a) => `(${(a.foundOf("obs_num") ?? []).map(escapePattern).join("|")})`,
        forceUnique: false,
      }),
    ],
    { name: "acq_constraint", workOver: ListCategory.EXISTING },
  );
  return new Constraint(
    [
      new Constraint([same("program", "program"), same("instrument", "instrume")], { name: "base" }),
      new AttrConstraint({ sources: ["is_imprt"], forceUndefined: true }),
      new Constraint([new Constraint([constraints, observation], { name: "rule" }), acquisitions], {
        name: "acq_check",
        reduce: "any",
        mainPart: { index: 0, unless: isAcquisition, by: { name: "obs_num", column: "obs_num" } },
      }),
    ],
    { name: "dmsbase_top" },
  );
}

/** A science rule: its constraints within the frame of {@link science}. */
export const scienceRule = (options: RuleOptions): Rule =>
  level3Rule({ ...options, constraints: science(options.constraints) });

/** A spectral science rule. */
export const spectrumRule = (options: RuleOptions): Rule => scienceRule({ asnType: "spec3", ...options });

/** Backgrounds and PSF references as science. */
export const auxiliary: Pick<Rule, "exposureType"> = {
  exposureType: (_association, item) => (isAcquisition(item) ? "target_acquisition" : "science"),
};

export const notBackgroundType = (item: PoolRow): boolean => memberType(item) !== "background";

/** With nods, every exposure is also a background of the others, as its extracted spectrum. */
export function addNodBackgrounds(association: Association): void {
  if (!association.foundOf("patttype_spectarg")?.some((v) => v.includes("nod"))) return;
  const sciences = association.membersOfType("science");
  if (sciences.length < 2) return;
  for (const science of sciences)
    association.currentProduct.members.push(
      science.with({ expname: `${exposureName(science.expname)}_x1d.fits`, exptype: "background" }),
    );
}

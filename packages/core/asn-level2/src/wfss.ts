import {
  type Association,
  AttrConstraint,
  all,
  any,
  type Constraint,
  ListCategory,
  Member,
  type PoolRow,
  type Rule,
  type RuleOptions,
  same,
  when,
} from "@calwebb/associations";
import {
  directImageCandidate,
  instrumentName,
  sameTarget,
  slitName,
  subarrayName,
  targetName,
} from "@calwebb/associations/rules";
import { base, hasScience, level2ProductName, level2Rule, level2Type, singleScience } from "./base.js";

const IMAGES = ["nis_image", "nrc_image", "mir_image"];

function wfssType(item: PoolRow): string {
  const type = level2Type(item);
  return type === "science" && IMAGES.includes(item.get("exp_type") ?? "") ? "direct_image" : type;
}

/** Grism exposures, and the images that go with them; images are offered again when all grism exposures are known. */
const grismOrImage = (grisms: string, images: string): Constraint =>
  any(
    new AttrConstraint({ name: "exp_type", sources: ["exp_type"], value: grisms }),
    new AttrConstraint({
      name: "image_exp_type",
      sources: ["exp_type"],
      value: images,
      forceReprocess: ListCategory.NONSCIENCE,
      onlyOnMatch: true,
    }),
  );

const oneScience = (): Constraint =>
  any(
    when((item) => wfssType(item) !== "science"),
    singleScience(),
  );

const sequenceNumber = (item: PoolRow | undefined): number | undefined => {
  const text = item?.valid("expspcin")?.trim();
  return text !== undefined && /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
};

/** The first direct image that was taken after the science exposure; the first of all when none was. */
export function closestDirectImage(science: Member, directs: readonly Member[]): Member {
  let closest = directs[0];
  const at = sequenceNumber(science.item);
  if (at === undefined) return closest;
  let smallest = 9999;
  for (const direct of directs) {
    const number = sequenceNumber(direct.item);
    if (number === undefined) continue;
    const difference = number - at;
    if (difference > 0 && difference < smallest) {
      smallest = difference;
      closest = direct;
    }
  }
  return closest;
}

/** In pure parallels all direct images of the long-wave detectors are one product; it is the one wanted. */
const longDirectImage = (_science: Member, directs: readonly Member[]): Member =>
  directs.find((d) => d.expname.includes("long")) ?? directs[0];

function directOpticalElements(item: PoolRow | undefined): string {
  if (item === undefined) return "clear";
  const parts: string[] = [];
  const add = (...columns: string[]): void => {
    for (const column of columns) {
      const value = item.valid(column);
      if (value !== undefined) {
        parts.push(value);
        return;
      }
    }
  };
  if (item.get("instrume") === "miri") {
    const filter = item.get("filter");
    if (filter !== undefined) parts.push(filter);
  } else {
    add("filter", "band");
    add("pupil", "grating");
  }
  return parts.sort().join("-") || "clear";
}

/** Replace the direct images by what stage 3 makes of the one that belongs to the science exposure. */
function linkCatalog(association: Association, closest: typeof closestDirectImage): boolean {
  const science = association.membersOfType("science")[0];
  const directs = association.membersOfType("direct_image");
  if (science === undefined || directs.length === 0) return false;
  const product = association.currentProduct;
  const direct = closest(science, directs);
  const root =
    `jw${association.program}-${association.acid.id}_${targetName(association)}_${instrumentName(association)}` +
    `_${directOpticalElements(direct.item)}${slitName(association)}${subarrayName(association)}`;
  const name = root.toLowerCase();
  product.members = [
    ...product.members.filter((m) => m.exptype !== "direct_image"),
    new Member({ expname: `${name}_i2d.fits`, exptype: "direct_image" }),
    new Member({ expname: `${name}_cat.ecsv`, exptype: "sourcecat" }),
    new Member({ expname: `${name}_segm.fits`, exptype: "segmap" }),
  ];
  return true;
}

function wfssRule(options: RuleOptions, closest: typeof closestDirectImage = closestDirectImage): Rule {
  return level2Rule({
    exposureType: (_association, item) => wfssType(item),
    finalize(association) {
      if (!linkCatalog(association, closest) || !association.isValid) return [];
      association.currentProduct.name = level2ProductName(association);
      return [association];
    },
    closedTo: (item) => wfssType(item) === "science",
    ...options,
  });
}

export const Asn_Lv2WFSSNIS: Rule = wfssRule({
  name: "Asn_Lv2WFSSNIS",
  description: "NIRISS grism exposures with the catalog, image and segments of their direct image",
  constraints: all(
    base(),
    sameTarget(),
    grismOrImage("nis_wfss", "nis_image"),
    same("instrument", "instrume"),
    same("pupil", "pupil"),
    same("subarray", "subarray"),
    oneScience(),
  ),
});

export const Asn_Lv2WFSSNRC: Rule = wfssRule({
  name: "Asn_Lv2WFSSNRC",
  description: "NIRCam grism exposures with the catalog, image and segments of their direct image",
  constraints: all(
    base(),
    sameTarget(),
    grismOrImage("nrc_wfss", "nrc_image"),
    same("instrument", "instrume"),
    same("detector", "detector"),
    oneScience(),
  ),
});

export const Asn_Lv2WFSSMIR: Rule = wfssRule({
  name: "Asn_Lv2WFSSMIR",
  description: "MIRI prism exposures without slit, with the catalog, image and segments of their direct image",
  constraints: all(
    base(),
    sameTarget(),
    grismOrImage("mir_wfss", "mir_image"),
    same("instrument", "instrume"),
    same("detector", "detector"),
    oneScience(),
  ),
});

export const Asn_Lv2WFSSParallel: Rule = wfssRule(
  {
    name: "Asn_Lv2WFSSParallel",
    description: "Grism exposures in pure parallel with the catalog of their direct image",
    constraints: all(
      directImageCandidate(),
      grismOrImage("nis_wfss|nrc_wfss|mir_wfss", "nis_image|nrc_image|mir_image"),
      oneScience(),
      sameTarget(),
      same("instrument", "instrume"),
    ),
    validity: { has_science: hasScience },
    accepts: () => true,
  },
  longDirectImage,
);

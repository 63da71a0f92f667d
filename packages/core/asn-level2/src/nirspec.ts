import { type Association, AttrConstraint, all, any, is, notAny, type Rule, same, when } from "@calwebb/associations";
import { fixedSlitDetectorValid, ifuDetectorValid, lampDetectorValid } from "@calwebb/associations/rules";
import { always, base, level2Rule, level2Type, mode, singleScience } from "./base.js";
import { pruneImprints } from "./imprint.js";
import { nodAssociations } from "./nod.js";
import { specialType } from "./special.js";

const nods: Pick<Rule, "finalize"> = {
  finalize: (association: Association) => (association.isValid ? nodAssociations(association) : []),
};

const isScience = when((item) => level2Type(item) === "science");
const isNoScience = when((item) => level2Type(item) !== "science");

export const Asn_Lv2NRSMSA: Rule = level2Rule({
  ...nods,
  name: "Asn_Lv2NRSMSA",
  description: "NIRSpec multi-object spectra; exposures of the other nods are backgrounds",
  constraints: all(
    base(),
    mode(),
    all(is("exp_type", "nrs_msaspec"), new AttrConstraint({ sources: ["msametfl"] }), same("expspcin", "expspcin")),
  ),
});

export const Asn_Lv2NRSFSS: Rule = level2Rule({
  ...nods,
  name: "Asn_Lv2NRSFSS",
  description: "NIRSpec fixed-slit spectra; exposures of the other nods are backgrounds",
  constraints: all(
    base(),
    mode(),
    is("exp_type", "nrs_fixedslit"),
    when(fixedSlitDetectorValid),
    any(
      isNoScience,
      all(same("expspcin", "expspcin"), same("nods", "numdthpt"), same("subpxpts", "subpxpns", "subpxpts"), isScience),
    ),
  ),
});

export const Asn_Lv2NRSIFUNod: Rule = level2Rule({
  name: "Asn_Lv2NRSIFUNod",
  description: "NIRSpec integral field spectra with nods, with their imprints",
  constraints: all(
    base(),
    mode(),
    is("exp_type", "nrs_ifu"),
    when(ifuDetectorValid),
    is("patttype", "2-point-nod|4-point-nod"),
    same("mosaic_tile", "mostilno"),
  ),
  finalize(association) {
    if (!association.isValid) return [];
    pruneImprints(association);
    return nodAssociations(association);
  },
});

export const Asn_Lv2NRSLAMPImage: Rule = level2Rule({
  asnType: "image2",
  name: "Asn_Lv2NRSLAMPImage",
  description: "NIRSpec lamp images",
  constraints: all(
    base(),
    singleScience(),
    is("exp_type", "nrs_lamp"),
    new AttrConstraint({ sources: ["grating"], value: "mirror" }),
    new AttrConstraint({ sources: ["opmode"], value: "image", required: false }),
  ),
  closedTo: always,
  exposureType: specialType,
});

export const Asn_Lv2NRSLAMPSpectral: Rule = level2Rule({
  asnType: "nrslamp-spec2",
  name: "Asn_Lv2NRSLAMPSpectral",
  description: "NIRSpec lamp spectra",
  constraints: all(
    base(),
    singleScience(),
    is("exp_type", "nrs_autoflat|nrs_autowave|nrs_lamp"),
    is("filter", "opaque", "opt_elem"),
    when(lampDetectorValid),
    any(
      notAny(is("opmode", "msaspec")),
      all(new AttrConstraint({ sources: ["opmode"], value: "msaspec" }), new AttrConstraint({ sources: ["msametfl"] })),
    ),
    same("lamp", "lamp"),
    notAny(
      new AttrConstraint({ sources: ["grating"], value: "mirror", forceUnique: false }),
      new AttrConstraint({ sources: ["opmode"], value: "grating-only", forceUnique: false }),
      new AttrConstraint({ sources: ["lamp"], value: "nolamp", forceUnique: false }),
    ),
  ),
  closedTo: always,
  exposureType: specialType,
});

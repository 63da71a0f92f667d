import {
  AttrConstraint,
  all,
  is,
  ListCategory,
  notAny,
  type Rule,
  SimpleConstraint,
  same,
  type ValidityCheck,
  when,
} from "@calwebb/associations";
import {
  coronagraphDetectorValid,
  isAmi,
  isTimeSeriesIn,
  notBackground,
  notBackgroundOrTimeSeries,
  notTimeSeries,
  opticalPath,
  sameScienceTarget,
  sameTarget,
  targetAcquisition,
} from "@calwebb/associations/rules";
import {
  auxiliary,
  candidateIs,
  hasPsf,
  hasScience,
  level3Member,
  level3Rule,
  notBackgroundType,
  productName,
  productNameOfCoronImage,
  scienceRule,
} from "./base.js";

const images = () => is("exp_type", "nrc_image|mir_image|nis_image|fgs_image|nrs_mimf");
const notWavefront = () =>
  new AttrConstraint({ name: "wfsvisit", sources: ["visitype"], value: "((?!wfsc).)*", required: false });

/** Sends acquisitions round again, when the associations that they belong to are known; makes nothing itself. */
export const Asn_Lv3ACQ_Reprocess: Rule = level3Rule({
  name: "Asn_Lv3ACQ_Reprocess",
  description: "Acquisitions, for the associations of other rules",
  constraints: all(
    targetAcquisition(),
    new SimpleConstraint({
      name: "force_fail",
      value: "never",
      test: () => false,
      reprocessOnFail: true,
      workOver: ListCategory.NONSCIENCE,
      reprocessRules: "all",
    }),
  ),
});

export const Asn_Lv3Image: Rule = scienceRule({
  asnType: "image3",
  name: "Asn_Lv3Image",
  aliases: ["Asn_Image"],
  description: "Images of one target that are no time series and no wavefront sensing",
  constraints: all(opticalPath(), sameTarget(notBackgroundType), images(), notWavefront(), notBackgroundOrTimeSeries()),
});

export const Asn_Lv3ImageMosaic: Rule = scienceRule({
  asnType: "image3",
  name: "Asn_Lv3ImageMosaic",
  description: "Images of all tiles of a mosaic",
  constraints: all(opticalPath(), images(), notWavefront(), notBackgroundOrTimeSeries()),
  validity: { has_science: hasScience, is_type_mosaic: candidateIs("mosaic") },
  accepts: (type) => type === "mosaic",
});

export const Asn_Lv3ImageBackground: Rule = scienceRule({
  ...auxiliary,
  asnType: "image3",
  name: "Asn_Lv3ImageBackground",
  description: "Images of background targets as science",
  constraints: all(
    opticalPath(),
    sameTarget(() => true),
    images(),
    notWavefront(),
    same("bkgdtarg", "bkgdtarg"),
    notTimeSeries(),
  ),
});

export const Asn_Lv3AMI: Rule = scienceRule({
  asnType: "ami3",
  name: "Asn_Lv3AMI",
  aliases: ["Asn_AMI"],
  description: "Aperture mask interferometry: a target and its PSF references",
  constraints: all(opticalPath(), is("exp_type", "nis_ami"), sameScienceTarget()),
  validity: { has_science: hasScience, has_psf: hasPsf },
});

const coronagraphy = {
  asnType: "coron3",
  validity: { has_science: hasScience, has_psf: hasPsf },
} as const;

export const Asn_Lv3MIRCoron: Rule = scienceRule({
  ...coronagraphy,
  name: "Asn_Lv3MIRCoron",
  description: "MIRI coronagraphy: a target and its PSF references",
  constraints: all(opticalPath(), is("exp_type", "mir_lyot|mir_4qpm"), sameScienceTarget(), notBackground()),
});

export const Asn_Lv3NRCCoron: Rule = scienceRule({
  ...coronagraphy,
  name: "Asn_Lv3NRCCoron",
  aliases: ["Asn_Coron"],
  description: "NIRCam coronagraphy: a target and its PSF references, on detectors that see the target",
  constraints: all(
    opticalPath(),
    is("exp_type", "nrc_coron"),
    sameScienceTarget(),
    notBackground(),
    when(coronagraphDetectorValid),
  ),
});

export const Asn_Lv3NRCCoronImage: Rule = scienceRule({
  asnType: "image3",
  name: "Asn_Lv3NRCCoronImage",
  description: "Full frames of the short-wave detectors in NIRCam coronagraphy, as plain images",
  constraints: all(
    opticalPath(),
    is("exp_type", "nrc_coron"),
    sameScienceTarget(),
    notAny(new AttrConstraint({ name: "bkgdtarg", sources: ["bkgdtarg"], forceUnique: false }), is("is_psf", "T")),
    is("channel", "short"),
    is("subarray", "full"),
  ),
  productName: productNameOfCoronImage,
  makeMember(association, item) {
    return level3Member(this, association, item, isAmi(item) || isTimeSeriesIn(association, item));
  },
});

const hasPair: ValidityCheck = (association) => association.currentProduct.members.length === 2;
const notGroup: ValidityCheck = (association) => association.acid.type.toLowerCase() !== "group";

export const Asn_Lv3WFSCMB: Rule = scienceRule({
  asnType: "wfs-image3",
  name: "Asn_Lv3WFSCMB",
  aliases: ["Asn_WFSCMB"],
  description: "Pairs of dithered images of wavefront sensing",
  constraints: all(
    opticalPath(),
    sameTarget(notBackgroundType),
    images(),
    is("patttype", "wfsc"),
    same("detector", "detector"),
    same("obs_id", "obs_id"),
    same("act_id", "act_id"),
    notAny(is("dms_note", "wfsc_los_jitter")),
  ),
  validity: { has_science: hasScience, has_pair: hasPair, is_not_group: notGroup },
  accepts: (type) => type !== "group",
  productName: (a) =>
    `${productName(a)}-${a.fixedOf("detector")}_{suffix}-${(a.fixedOf("act_id") ?? "").padStart(2, "0")}`.toLowerCase(),
});

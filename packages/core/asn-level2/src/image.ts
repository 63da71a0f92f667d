import { all, any, is, notAll, notAny, type Rule, when } from "@calwebb/associations";
import {
  coronagraphDetectorValid,
  IMAGE2_NONSCIENCE,
  isAmi,
  isTimeSeriesIn,
  notTimeSeries,
  targetAcquisition,
  timeSeries,
  wavefrontSensing,
} from "@calwebb/associations/rules";
import {
  always,
  backgroundOrScience,
  base,
  imageScience,
  level2Member,
  level2Rule,
  mode,
  singleScience,
  special,
  unlessBackground,
} from "./base.js";
import { specialType } from "./special.js";

const image = { asnType: "image2" } as const;

export const Asn_Lv2CoronAsRate: Rule = level2Rule({
  ...image,
  name: "Asn_Lv2CoronAsRate",
  description: "Full frames of NIRCam coronagraphy as plain images",
  constraints: all(
    base(),
    mode(),
    is("exp_type", "nrc_coron"),
    is("subarray", "full"),
    when(coronagraphDetectorValid),
    backgroundOrScience(singleScience()),
  ),
  closedTo: unlessBackground,
  makeMember(association, item) {
    return level2Member(this, association, item, isAmi(item) || isTimeSeriesIn(association, item));
  },
});

export const Asn_Lv2Image: Rule = level2Rule({
  ...image,
  name: "Asn_Lv2Image",
  description: "Science images that are no time series",
  constraints: all(base(), mode(), imageScience(), notTimeSeries(), backgroundOrScience(singleScience())),
  closedTo: unlessBackground,
});

export const Asn_Lv2ImageNonScience: Rule = level2Rule({
  ...image,
  name: "Asn_Lv2ImageNonScience",
  description: "Images that are no science, such as acquisitions",
  constraints: all(
    base(),
    any(
      targetAcquisition(),
      is("exp_type", IMAGE2_NONSCIENCE.join("|"), "non_science"),
      all(is("exp_type", "nrs_msaspec"), is("msastate", "primarypark_allopen"), is("grating", "mirror")),
    ),
    singleScience(),
  ),
  closedTo: always,
  exposureType: specialType,
});

export const Asn_Lv2ImageSpecial: Rule = level2Rule({
  ...image,
  name: "Asn_Lv2ImageSpecial",
  description: "Images of backgrounds and PSF references, each by itself",
  constraints: all(base(), mode(), imageScience(), singleScience(), special()),
  closedTo: always,
  exposureType: specialType,
});

export const Asn_Lv2ImageTSO: Rule = level2Rule({
  asnType: "tso-image2",
  name: "Asn_Lv2ImageTSO",
  description: "Images of time series",
  constraints: all(base(), mode(), imageScience(), singleScience(), timeSeries()),
  closedTo: always,
});

export const Asn_Lv2FGS: Rule = level2Rule({
  ...image,
  name: "Asn_Lv2FGS",
  description: "Images of the guider",
  constraints: all(base(), singleScience(), is("exp_type", "fgs_image|fgs_focus"), notAny(wavefrontSensing())),
  closedTo: always,
});

export const Asn_Lv2WFSC: Rule = level2Rule({
  ...image,
  name: "Asn_Lv2WFSC",
  description: "Wavefront sensing and control",
  constraints: all(
    base(),
    imageScience(),
    singleScience(),
    wavefrontSensing(),
    notAll(is("dms_note", "wfsc_los_jitter"), is("exp_type", "nrc_image")),
  ),
  closedTo: always,
});

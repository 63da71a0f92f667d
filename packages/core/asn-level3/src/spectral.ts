import { AttrConstraint, all, any, Constraint, is, notAny, type Rule, same, when } from "@calwebb/associations";
import {
  expType,
  fixedSlitDetectorValid,
  ifuDetectorValid,
  notTimeSeries,
  opticalPath,
  sameTarget,
  sossFilterCalibrated,
  timeSeries,
} from "@calwebb/associations/rules";
import {
  addNodBackgrounds,
  auxiliary,
  candidateIs,
  hasScience,
  notBackgroundType,
  productNameOfSlits,
  productNameOfSources,
  productNameWithoutOptics,
  scienceRule,
  spectrumRule,
} from "./base.js";

const target = () => sameTarget(notBackgroundType);
/** Rules that take backgrounds as science want the same target of all. */
const anyTarget = () => sameTarget(() => true);
const backgroundTarget = () => is("bkgdtarg", "T");

export const Asn_Lv3MIRMRS: Rule = spectrumRule({
  name: "Asn_Lv3MIRMRS",
  description: "MIRI integral field spectra of one target, all channels and bands",
  constraints: all(target(), is("exp_type", "mir_mrs"), notTimeSeries()),
  productName: productNameWithoutOptics,
});

export const Asn_Lv3MIRMRSBackground: Rule = spectrumRule({
  ...auxiliary,
  name: "Asn_Lv3MIRMRSBackground",
  description: "MIRI integral field spectra of background targets as science",
  constraints: all(sameTarget(), is("exp_type", "mir_mrs"), notTimeSeries(), backgroundTarget()),
  productName: productNameWithoutOptics,
});

export const Asn_Lv3NRSFSS: Rule = spectrumRule({
  name: "Asn_Lv3NRSFSS",
  description: "NIRSpec fixed-slit spectra of one target",
  constraints: all(
    notTimeSeries(),
    expType("nrs_autoflat|nrs_autowave|nrs_fixedslit", true),
    when(fixedSlitDetectorValid),
    opticalPath(),
    target(),
  ),
  productName: productNameOfSlits,
});

export const Asn_Lv3NRSIFU: Rule = spectrumRule({
  name: "Asn_Lv3NRSIFU",
  aliases: ["Asn_IFU"],
  description: "NIRSpec integral field spectra of one target and grating",
  constraints: all(
    target(),
    expType("nrs_autowave|nrs_ifu", true),
    when(ifuDetectorValid),
    same("patttype", "patttype"),
    notTimeSeries(),
    same("opt_elem", "grating"),
  ),
});

export const Asn_Lv3NRSIFUBackground: Rule = spectrumRule({
  ...auxiliary,
  name: "Asn_Lv3NRSIFUBackground",
  description: "NIRSpec integral field spectra of background targets as science",
  constraints: all(
    anyTarget(),
    notTimeSeries(),
    backgroundTarget(),
    is("exp_type", "nrs_ifu", "allowed_bkgdtarg"),
    when(ifuDetectorValid),
    same("opt_elem", "grating"),
  ),
});

export const Asn_Lv3SlitlessSpectral: Rule = spectrumRule({
  name: "Asn_Lv3SlitlessSpectral",
  description: "NIRISS single-object spectra without slit that are no time series",
  constraints: all(
    notTimeSeries(),
    opticalPath(),
    target(),
    expType("nis_soss", true),
    notAny(same("patttype_spectarg", "patttype")),
    notAny(is("exp_type", "mir_lrs-slitless", "restricted_slitless"), timeSeries()),
  ),
});

export const Asn_Lv3SpecAux: Rule = spectrumRule({
  ...auxiliary,
  name: "Asn_Lv3SpecAux",
  description: "Slit spectra of background targets as science",
  constraints: all(
    anyTarget(),
    notTimeSeries(),
    backgroundTarget(),
    is("exp_type", "mir_lrs-fixedslit|nrs_fixedslit", "allowed_bkgdtarg"),
    opticalPath(),
  ),
});

export const Asn_Lv3SpectralSource: Rule = spectrumRule({
  name: "Asn_Lv3SpectralSource",
  aliases: ["Asn_SpectralSource"],
  description: "NIRSpec multi-object spectra; one product per source",
  constraints: all(
    notTimeSeries(),
    opticalPath(),
    target(),
    any(
      expType("nrs_autoflat|nrs_autowave", true),
      new Constraint(
        [
          expType("nrs_msaspec", true),
          new AttrConstraint({ name: "is_msa", sources: ["msametfl"], forceUnique: false }),
        ],
        { name: "msa_spectral" },
      ),
    ),
  ),
  productName: productNameOfSources,
});

export const Asn_Lv3SpectralTarget: Rule = spectrumRule({
  name: "Asn_Lv3SpectralTarget",
  aliases: ["Asn_SpectralTarget"],
  description: "Slit spectra of one target with nods; the exposures are each other's backgrounds",
  constraints: all(
    notTimeSeries(),
    opticalPath(),
    target(),
    expType("mir_lrs-fixedslit|nis_soss", true),
    any(is("patttype", "2-point-nod|4-point-nod|along-slit-nod", "patttype_spectarg")),
  ),
  finalize(association) {
    if (!association.isValid) return [];
    addNodBackgrounds(association);
    association.currentProduct.name = this.productName(association);
    return [association];
  },
});

export const Asn_Lv3TSO: Rule = scienceRule({
  asnType: "tso3",
  name: "Asn_Lv3TSO",
  aliases: ["Asn_TSO"],
  description: "Time series",
  constraints: all(
    target(),
    opticalPath(),
    timeSeries(),
    same("exp_type", "exp_type"),
    notAny(expType("mir_mrs|mir_flatmrs|nrs_autowave|nrs_ifu", true)),
    // NIRCam: engineering modes of the grism, the long-wave detector of module B, and dispersed Hartmann sensing.
    notAny(
      all(is("exp_type", "nrc_tsgrism", "restricted_grism"), is("pupil", "clear|gdhs0|gdhs60", "grism_clear")),
      all(is("exp_type", "nrc_tsgrism", "restricted_ts"), is("detector", "nrcblong", "module")),
      is("subarray", "sub260stripe4_dhs|sub41stripe1_dhs|sub82stripe2_dhs|sub164stripe4_dhs"),
    ),
    notAny(
      all(is("exp_type", "nis_soss"), is("nints", "1")),
      all(
        is("exp_type", "nis_soss"),
        when((item) => !sossFilterCalibrated(item)),
      ),
    ),
    notAny(
      all(
        is("exp_type", "nrs_brightobj"),
        when((item) => !fixedSlitDetectorValid(item)),
      ),
    ),
  ),
  validity: { has_science: hasScience, is_type_observation: candidateIs("observation") },
  accepts: (type) => type === "observation",
});

export const Asn_Lv3WFSSNIS: Rule = spectrumRule({
  name: "Asn_Lv3WFSSNIS",
  aliases: ["Asn_WFSS_NIS"],
  description: "NIRISS grism exposures of one target, grism and filter",
  constraints: all(
    target(),
    is("exp_type", "nis_wfss"),
    is("filter", "gr150r|gr150c", "opt_elem"),
    same("opt_elem2", "pupil"),
  ),
});

export const Asn_Lv3WFSSNRC: Rule = spectrumRule({
  name: "Asn_Lv3WFSSNRC",
  description: "NIRCam grism exposures of one target, grism and filter",
  constraints: all(
    target(),
    is("exp_type", "nrc_wfss"),
    is("pupil", "GRISMR|GRISMC", "opt_elem"),
    same("opt_elem2", "filter"),
  ),
});

export const Asn_Lv3WFSSMIR: Rule = spectrumRule({
  name: "Asn_Lv3WFSSMIR",
  description: "MIRI prism exposures of one target without slit",
  constraints: all(target(), is("exp_type", "mir_wfss"), is("filter", "P750L", "opt_elem")),
});

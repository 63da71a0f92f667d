import {
  AttrConstraint,
  all,
  any,
  is,
  ListCategory,
  notAny,
  type PoolRow,
  type Rule,
  SimpleConstraint,
  same,
  when,
} from "@calwebb/associations";
import {
  fixedSlitDetectorValid,
  ifuDetectorValid,
  sossFilterCalibrated,
  timeSeries,
} from "@calwebb/associations/rules";
import {
  always,
  background,
  base,
  imprint,
  level2ProductName,
  level2Rule,
  mode,
  singleScience,
  special,
  spectralScience,
} from "./base.js";
import { pruneImprints } from "./imprint.js";
import { specialType } from "./special.js";

const withImprints: Pick<Rule, "finalize"> = {
  finalize(association) {
    if (!association.isValid) return [];
    pruneImprints(association);
    association.currentProduct.name = level2ProductName(association);
    return [association];
  },
};

export const Asn_Lv2Spec: Rule = level2Rule({
  ...withImprints,
  name: "Asn_Lv2Spec",
  description: "Spectra of single targets without nods, with their backgrounds and imprints",
  constraints: all(
    base(),
    mode(),
    spectralScience("nis_wfss", "nrc_wfss", "nrs_fixedslit", "nrs_msaspec", "mir_lrs-slitless", "mir_lrs-fixedslit"),
    any(background(), all(any(imprint(), singleScience()), same("mostilno", "mostilno"))),
    notAny(timeSeries(), is("patttype", "2-point-nod|4-point-nod|along-slit-nod")),
    when(ifuDetectorValid),
  ),
  closedTo: (item: PoolRow) => item.valid("bkgdtarg") === undefined && item.valid("is_imprt") === undefined,
});

export const Asn_Lv2SpecImprint: Rule = level2Rule({
  name: "Asn_Lv2SpecImprint",
  description: "Imprints, each processed by itself",
  constraints: all(
    base(),
    mode(),
    spectralScience(),
    singleScience(),
    when(ifuDetectorValid),
    same("imprint", "is_imprt"),
  ),
  closedTo: always,
  exposureType: specialType,
});

/** An imprint, unless the exposure looked at last was one: imprints go with spectra, not with each other. */
const imprintOfSpecial = () =>
  all(
    new AttrConstraint({
      name: "imprint",
      sources: ["is_imprt"],
      forceReprocess: ListCategory.EXISTING,
      onlyOnMatch: true,
    }),
    same("mosaic_tile", "mostilno"),
    new SimpleConstraint({
      value: "imprint",
      sources: (_item, association) => association.meta["originalType"],
      test: (wanted, got) => wanted !== got,
      forceUnique: false,
    }),
  );

export const Asn_Lv2SpecSpecial: Rule = level2Rule({
  ...withImprints,
  name: "Asn_Lv2SpecSpecial",
  description: "Spectra of backgrounds and PSF references as science, with their imprints",
  constraints: all(
    base(),
    mode(),
    spectralScience(),
    special(),
    when(ifuDetectorValid),
    any(imprintOfSpecial(), singleScience()),
  ),
  exposureType: specialType,
});

export const Asn_Lv2SpecTSO: Rule = level2Rule({
  asnType: "tso-spec2",
  name: "Asn_Lv2SpecTSO",
  description: "Spectra of time series",
  constraints: all(
    all(
      base(),
      mode(),
      spectralScience("nrs_msaspec", "nrs_fixedslit", "mir_lrs-slitless", "mir_lrs-fixedslit"),
      singleScience(),
      timeSeries(),
    ),
    notAny(all(is("exp_type", "nrc_tsgrism"), is("pupil", "clear"))),
    notAny(
      all(
        is("exp_type", "nrs_brightobj"),
        when((item) => !fixedSlitDetectorValid(item)),
      ),
    ),
    notAny(
      all(
        is("exp_type", "nis_soss"),
        when((item) => !sossFilterCalibrated(item)),
      ),
    ),
  ),
  closedTo: always,
});

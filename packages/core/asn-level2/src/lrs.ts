import {
  AttrConstraint,
  all,
  any,
  Constraint,
  is,
  ListCategory,
  type Rule,
  SimpleConstraint,
  same,
  when,
} from "@calwebb/associations";
import { escapePattern, notTimeSeries } from "@calwebb/associations/rules";
import { background, base, level2Rule, level2Type, mode, singleScience } from "./base.js";

const LRS = "mir_lrs-slitless|mir_lrs-fixedslit";

/** A science exposure; the same object in both branches below, so that both see what it is fixed to. */
const science = all(singleScience(), is("exp_type", LRS));

export const Asn_MIRLRSTAConfirm: Rule = level2Rule({
  name: "Asn_MIRLRSTAConfirm",
  description: "MIRI low-resolution spectra with their backgrounds and confirmation images",
  constraints: all(
    base(),
    any(
      all(mode(), any(science, all(background(), notTimeSeries(), is("exp_type", LRS)))),
      all(same("obs_id", "obs_id"), any(science, is("exp_type", "mir_taconfirm"))),
    ),
  ),
  closedTo: (item) => item.valid("bkgdtarg") === undefined && item.valid("exp_type") !== "mir_taconfirm",
});

const fixedSlit = () => is("exp_type", "mir_lrs-fixedslit");
const alongSlit = () =>
  new AttrConstraint({ name: "patttype", sources: ["patttype"], value: "along-slit-nod", forceUnique: false });

export const Asn_Lv2MIRLRSFixedSlitNod: Rule = level2Rule({
  name: "Asn_Lv2MIRLRSFixedSlitNod",
  description: "MIRI fixed-slit spectra along the slit; the other nods are backgrounds",
  constraints: all(
    all(
      base(),
      when((_item, association) => association.acid.type !== "background"),
    ),
    any(
      new Constraint([
        fixedSlit(),
        same("patt_num", "patt_num"),
        singleScience({ reprocessOnMatch: true, workOver: ListCategory.EXISTING }),
        alongSlit(),
      ]),
      new Constraint([
        fixedSlit(),
        new AttrConstraint({
          name: "is_current_patt_num",
          sources: ["patt_num"],
          value: (association) => `((?!${escapePattern(association.fixedOf("patt_num") ?? "None")}).)*`,
        }),
        // A background of one association is the science of the next: it may still make one.
        new SimpleConstraint({ name: "force_match", sources: () => false, test: () => true }),
        alongSlit(),
      ]),
      is("exp_type", "mir_taconfirm"),
    ),
  ),
  exposureType(association, item) {
    const type = level2Type(item);
    return type === "science" && association.matchedOf("is_current_patt_num") ? "background" : type;
  },
});

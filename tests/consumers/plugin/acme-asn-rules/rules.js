import { all, defineRule, is, same } from "@calwebb/associations";
import { opticalPath } from "@calwebb/associations/rules";

export const Asn_AcmePerFilter = defineRule({
  name: "Asn_AcmePerFilter",
  asnType: "image3",
  constraints: all(same("program", "program"), opticalPath(), is("exp_type", "nrc_image")),
});

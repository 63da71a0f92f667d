import { all, defineRule, Member, SimpleConstraint, same, when } from "@calwebb/associations";

/** A rule with everything that has to travel between threads: scratch, members with further entries, functions as constraints. */
export const Asn_Everything = defineRule({
  name: "Asn_Everything",
  asnType: "all",
  constraints: all(
    same("program", "program"),
    new SimpleConstraint({ name: "detector", sources: (item) => item.get("detector") }),
    when((row) => {
      if (row.get("exp_type") === "boom") throw new Error("boom");
      return row.get("obs_num") !== "2";
    }),
  ),
  makeMember(association, item) {
    association.meta["last"] = item.filename;
    return new Member({ expname: item.filename, exptype: "science", exposerr: null, priority: 3, tags: ["a"] }, item);
  },
});

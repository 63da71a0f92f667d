import { readdirSync, readFileSync } from "node:fs";
import { level2Rules } from "@calwebb/asn-level2";
import { level3Rules } from "@calwebb/asn-level3";
import { describe, expect, it } from "vitest";
import { AssociationPool, candidatesOf, type GenerateOptions, generate, type Problem, readPool } from "../src/index.js";
import { byFile, content, type Expected } from "./programs.js";

// Pools of observing programs with values exchanged, blanked, doubled ..., and options of the generator (tools/truth/asn_mutations.py).
const folder = new URL("./mutations/", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), "utf8");

interface Mutation {
  readonly options: readonly string[];
  readonly log: readonly string[];
  readonly associations: readonly Expected[];
}

/** Our options for those of the reference implementation. */
function optionsOf(words: readonly string[]): Partial<GenerateOptions> {
  const ids = words.filter((w) => /^[oc]\d/.test(w));
  const version = words.indexOf("--version-id");
  return {
    ...(ids.length > 0 ? { candidateIds: ids } : {}),
    ...(version >= 0 ? { versionId: words[version + 1] } : {}),
    merge: words.includes("--merge"),
    discover: words.includes("--discover"),
    allCandidates: words.includes("--all-candidates"),
    dms: words.includes("--DMS"),
    rules: words.includes("level2")
      ? [level2Rules]
      : words.includes("level3")
        ? [level3Rules]
        : [level2Rules, level3Rules],
  };
}

describe("pools that are not as they should be", () => {
  for (const file of readdirSync(folder).filter((f) => f.endsWith(".json"))) {
    const { options, log, associations } = JSON.parse(read(file)) as Mutation;
    it(`${log.join(" ")}, ${options.join(" ")}: the associations of the reference implementation`, () => {
      const name = file.replace(".json", ".csv");
      const problems: Problem[] = [];
      const onProblem = (p: Problem): void => void problems.push(p);
      const pool = readPool(read(name), { name, onProblem });
      const made = generate(pool, { rules: [], ...optionsOf(options), onProblem }).associations;
      expect(byFile(content(made))).toEqual(byFile(associations));
      expect(problems.filter((p) => p.severity === "error")).toEqual([]);
    });
  }

  it("a bare number stands for every candidate that holds it", () => {
    const pool = AssociationPool.from([
      { filename: "a", asn_candidate: "[('o001', 'observation'), ('c1000', 'background')]" },
      { filename: "b", asn_candidate: "1000" },
      { filename: "c", asn_candidate: "[('c1001', 'background')]" },
    ]);
    const rows = Object.fromEntries(candidatesOf(pool).map((c) => [c.id, c.rows.map((r) => r.filename)]));
    expect(rows).toEqual({ o001: ["a"], c1000: ["a"], c1001: ["c"], "1000": ["a", "b"] });
  });
});

import { readFileSync } from "node:fs";
import { level2Rules } from "@calwebb/asn-level2";
import { level3Rules } from "@calwebb/asn-level3";
import { describe, expect, it } from "vitest";
import {
  type Association,
  AssociationPool,
  AssociationRegistry,
  all,
  defineRule,
  dump,
  generate,
  generateAsync,
  markCallback,
  markRule,
  mergeAssociations,
  type Problem,
  type Rule,
  readPool,
  rulesOf,
  same,
  when,
} from "../src/index.js";

const rules = [level2Rules, level3Rules];
const poolOf = (name: string): AssociationPool =>
  readPool(readFileSync(new URL(`./truth/${name}.csv`, import.meta.url), "utf8"), { name: `${name}.csv` });
const names = (list: readonly Association[]): string[] => list.map((a) => a.name).sort();
const ids = (list: readonly Association[]): string[] => [...new Set(list.map((a) => a.acid.id))].sort();

describe("candidates", () => {
  const pool = poolOf("nircam-mosaic");

  it("all and discoveries by default, one kind when asked", () => {
    const both = generate(pool, { rules }).associations;
    const candidates = generate(pool, { rules, allCandidates: true }).associations;
    const found = generate(pool, { rules, discover: true }).associations;
    expect(candidates.every((a) => a.registered.name.startsWith("candidate_"))).toBe(true);
    expect(found.every((a) => a.registered.name.startsWith("discover_"))).toBe(true);
    expect(ids(found)).toEqual(["a3001"]);
    expect(both.length).toBeGreaterThanOrEqual(candidates.length);
    expect(both.length).toBeLessThanOrEqual(candidates.length + found.length);
  });

  it("only those given", () => {
    expect(ids(generate(pool, { rules, candidateIds: ["o003"] }).associations)).toEqual(["o003"]);
    const problems: Problem[] = [];
    const none = generate(pool, { rules, candidateIds: ["o999"], onProblem: (p) => problems.push(p) });
    expect(none.associations).toEqual([]);
    expect(none.orphans.length).toBe(pool.length);
    expect(problems[0].message).toMatch(/no candidate "o999"/);
  });

  it("bring their backgrounds in ground processing, and name only themselves", () => {
    const lrs = poolOf("miri-lrs");
    const plain = generate(lrs, { rules, candidateIds: ["o001"] }).associations;
    const dms = generate(lrs, { rules, candidateIds: ["o001"], dms: true }).associations;
    expect(ids(dms)).toEqual(["o001"]);
    expect(dms.length).toBeLessThanOrEqual(plain.length);
  });

  it("groups need several observations", () => {
    const group = generate(pool, { rules, candidateIds: ["c1000"] }).associations;
    expect(group.length).toBeGreaterThan(0);
    for (const a of group) expect(new Set(a.members.map((m) => m.item?.get("obs_num"))).size).toBeGreaterThan(1);
  });

  it("all at once give the associations of each by itself", () => {
    const one = names(generate(pool, { rules, allCandidates: true }).associations);
    const together = names(generate(pool, { rules, allCandidates: true, perPool: true }).associations);
    expect(together).toEqual(one);
  });
});

describe("orphans", () => {
  it("are exactly the exposures in no association", () => {
    const pool = poolOf("nircam-wavefront");
    const { associations, orphans } = generate(pool, { rules });
    const used = new Set(associations.flatMap((a) => a.members.map((m) => m.item?.filename)));
    expect(orphans.rows.map((r) => r.get("exp_type"))).toEqual([
      "nrc_image",
      "nrc_flat",
      "nrc_dark",
      "nrc_led",
      "nrc_grism",
    ]);
    for (const row of pool.rows) expect(orphans.rows.includes(row)).toBe(!used.has(row.filename));
  });
});

describe("names and options", () => {
  const pool = poolOf("fgs-imaging");
  it("carry a version", () => {
    const [a] = generate(pool, { rules, versionId: "20260801t120000" }).associations;
    expect(a.name).toMatch(/^jw02044-o\d{3}_20260801t120000_[a-z0-9-]+_00001_asn$/);
    expect(a.data.version_id).toBe("20260801t120000");
    expect(generate(pool, { rules, versionId: true }).associations[0].versionId).toMatch(/^\d{8}t\d{6}$/);
  });

  it("number per candidate and type from 1", () => {
    const seen = new Map<string, number[]>();
    for (const a of generate(pool, { rules }).associations) {
      const key = `${a.acid.id} ${a.asnType} ${a.rule.level}`;
      seen.set(key, [...(seen.get(key) ?? []), a.sequence]);
    }
    for (const numbers of seen.values()) expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it("merge products of stage 2", () => {
    const plain = generate(pool, { rules }).associations;
    const products = plain.filter((a) => a.rule.level === 2).length;
    const merged = mergeAssociations(plain).filter((a) => a.rule.level === 2);
    expect(new Set(merged.map((a) => `${a.asnType} ${a.acid.id}`)).size).toBe(merged.length);
    expect(merged.flatMap((a) => a.products).length).toBe(products);
  });

  it("the same in steps", async () => {
    const { associations } = await generateAsync(pool, { rules });
    expect(names(associations)).toEqual(names(generate(pool, { rules }).associations));
    const controller = new AbortController();
    controller.abort();
    const big = new AssociationPool("big", pool.columns, Array.from({ length: 400 }, () => pool.rows).flat());
    await expect(generateAsync(big, { rules, signal: controller.signal })).rejects.toMatchObject({ kind: "Cancelled" });
  });
});

describe("rules", () => {
  it("of the reference implementation, 22 for each stage, with the older names", () => {
    expect([level2Rules.length, level3Rules.length]).toEqual([22, 22]);
    const registry = new AssociationRegistry({ name: "x", definitions: rules });
    expect(registry.get("x_Asn_Lv2Image")?.rule.name).toBe("Asn_Lv2Image");
    for (const name of [
      "Asn_Image",
      "Asn_WFSCMB",
      "Asn_SpectralTarget",
      "Asn_SpectralSource",
      "Asn_IFU",
      "Asn_Coron",
      "Asn_AMI",
      "Asn_WFSS_NIS",
      "Asn_TSO",
    ])
      expect(registry.get(name)?.rule.level).toBe(3);
    expect(registry.get("Asn_Nothing")).toBeUndefined();
  });

  const pairs = markRule(
    defineRule({
      name: "Asn_Pairs",
      asnType: "pairs",
      constraints: all(same("program", "program"), same("obs", "obs_num")),
    }),
  );

  it("of one's own come from modules", () => {
    const drop = markCallback((list) => list.filter((a) => a.memberCount > 1));
    const module = { pairs, drop, helper: () => 1, other: defineRule({ name: "Other", constraints: all() }) };
    expect(rulesOf(module)).toEqual({ rules: [pairs], callbacks: [drop] });
    const { associations } = generate(poolOf("fgs-imaging"), {
      rules: [module],
      allCandidates: true,
    });
    expect(associations.map((a) => [a.rule.name, a.memberCount])).toEqual([["Asn_Pairs", 6]]);
    expect(dump(associations[0]).name).toBe("jw02044-o001_pairs_00001_asn.json");
  });

  it("of several registries come together with update", () => {
    const registry = new AssociationRegistry({ name: "a", definitions: [[pairs]] });
    registry.update(new AssociationRegistry({ name: "b", definitions: [[pairs]] }));
    expect(registry.values().map((r) => r.name)).toEqual(["a_Asn_Pairs", "b_Asn_Pairs"]);
    expect(() => new AssociationRegistry({ definitions: [] })).toThrow(/no rules/);
  });

  it("that throw are reported with pool, row and rule; the rest is made", () => {
    const bad = defineRule({
      name: "Asn_Bad",
      constraints: all(
        when((row) => {
          if (row.get("exp_type") === "fgs_focus") throw new Error("boom");
          return false;
        }),
      ),
    });
    const problems: Problem[] = [];
    const pool = poolOf("fgs-imaging");
    const { associations } = generate(pool, { rules: [...rules, [bad]], onProblem: (p) => problems.push(p) });
    expect(names(associations)).toEqual(names(generate(pool, { rules }).associations));
    expect(problems.length).toBeGreaterThan(0);
    for (const p of problems) expect(p).toMatchObject({ pool: "fgs-imaging.csv", rule: "Asn_Bad", severity: "error" });
    expect(problems[0].message).toMatch(/boom/);
    expect(() => generate(pool, { rules: [...rules, [bad]] })).toThrow(/boom/);
  });

  const boom = (): never => {
    throw new Error("boom");
  };
  it.each<[string, Partial<Rule>]>([
    ["makeMember", { makeMember: boom }],
    ["exposureType", { exposureType: boom }],
    ["start", { start: boom }],
    ["validity", { validity: { boom } }],
    ["accepts", { accepts: boom }],
    ["productName", { productName: boom }],
    ["finalize", { finalize: boom }],
  ])("that throw in %s are reported; the rest is made", (_where, part) => {
    const bad = defineRule({ name: "Asn_Bad", constraints: all(same("program", "program")), ...part });
    const problems: Problem[] = [];
    const pool = poolOf("fgs-imaging");
    const { associations } = generate(pool, { rules: [...rules, [bad]], onProblem: (p) => problems.push(p) });
    expect(names(associations)).toEqual(names(generate(pool, { rules }).associations));
    expect(problems.length).toBeGreaterThan(0);
    for (const p of problems) {
      expect(p).toMatchObject({ pool: "fgs-imaging.csv", rule: "Asn_Bad", severity: "error" });
      expect(p.message).toMatch(/boom/);
    }
    expect(() => generate(pool, { rules: [...rules, [bad]] })).toThrow(/boom/);
  });

  it("callbacks that throw are reported and change nothing; what is no constraint is refused", () => {
    const pool = poolOf("fgs-imaging");
    const problems: Problem[] = [];
    const module = { Asn_Pairs: pairs, bad: markCallback(boom) };
    const made = generate(pool, { rules: [module], onProblem: (p) => problems.push(p) }).associations;
    expect(names(made)).toEqual(names(generate(pool, { rules: [[pairs]] }).associations));
    expect(problems.map((p) => p.message)).toEqual([expect.stringMatching(/callback .*boom/)]);
    expect(() => generate(pool, { rules: [module] })).toThrow(/boom/);
    expect(() => generate(pool, { rules: [[{ ...pairs, constraints: 1 as never }]] })).toThrow(/constraints/);
  });

  it("rows without an exposure type are reported once and left out", () => {
    const good = poolOf("fgs-imaging");
    const records = good.rows.map((r) => r.toRecord());
    records.push({ ...records[0], filename: "broken_uncal.fits", exp_type: "null" });
    const problems: Problem[] = [];
    const out = generate(AssociationPool.from(records, "fgs-imaging.csv"), {
      rules,
      onProblem: (p) => problems.push(p),
    });
    expect(names(out.associations)).toEqual(names(generate(good, { rules }).associations));
    expect(out.orphans.rows.map((r) => r.filename)).toContain("broken_uncal.fits");
    expect(problems.map((p) => p.message)).toEqual(["no exposure type is given"]);
    expect(new Set(problems.map((p) => `${p.column} ${p.row}`))).toEqual(new Set([`exp_type ${records.length}`]));
  });
});

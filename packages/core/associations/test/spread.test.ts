import type { Executor } from "@calwebb/array";
import * as level2 from "@calwebb/asn-level2";
import * as level3 from "@calwebb/asn-level3";
import { describe, expect, it } from "vitest";
import {
  AssociationPool,
  dump,
  type GenerateOptions,
  generate,
  generateAsync,
  type Problem,
  readPool,
  serialize,
} from "../src/index.js";
import * as own from "./own-rules.js";
import { programs, readTruth } from "./programs.js";

const rules = [level2, level3, own];
const ruleModules = ["../../asn-level2/src/index.ts", "../../asn-level3/src/index.ts", "./own-rules.ts"].map(
  (path) => new URL(path, import.meta.url).href,
);

/** Runs pieces as workers do: everything that goes in and out is cloned. */
const cloning = (workers: number): Executor & { pieces: number } => ({
  workers,
  pieces: 0,
  async run(task, pieces, options) {
    this.pieces += pieces.length;
    const results = await Promise.all(pieces.map(async (p) => structuredClone(await task.fn(structuredClone(p)))));
    options?.onDone?.(pieces.length, pieces.length);
    return results;
  },
});

const poolOf = (program: string): AssociationPool => readPool(readTruth(`${program}.csv`), { name: `${program}.csv` });

/** Every byte that a run gives. */
function bytes({ associations, orphans }: ReturnType<typeof generate>, problems: readonly Problem[]): string {
  return [
    ...associations.map((a) => (a.isValid ? dump(a).text : serialize(a.data)) + a.name + a.memberCount),
    ...associations.map((a) => JSON.stringify([...a.filenames, a.order, a.meta, a.validity.size])),
    ...associations.flatMap((a) => a.members.map((m) => JSON.stringify(m.item?.toRecord()))),
    ...orphans.rows.map((r) => r.filename),
    ...problems.map((p) => `${p.row} ${p.column} ${p.rule} ${p.message}`),
  ].join("\n");
}

async function both(
  pool: AssociationPool,
  options: Partial<GenerateOptions> = {},
  workers = 2,
): Promise<[string, string]> {
  const [one, many]: Problem[][] = [[], []];
  const alone = generate(pool, { ...options, rules, onProblem: (p) => one.push(p) });
  const executor = cloning(workers);
  const spread = await generateAsync(pool, {
    ...options,
    rules,
    ruleModules,
    executor,
    onProblem: (p) => many.push(p),
  });
  expect(executor.pieces).toBeGreaterThan(0);
  return [bytes(alone, one), bytes(spread, many)];
}

describe("spread over workers", () => {
  it.each(programs)("%s: the same bytes", async (program) => {
    const [one, two] = await both(poolOf(program));
    expect(two).toBe(one);
    expect(one.length).toBeGreaterThan(1000);
  });

  it.each<[string, Partial<GenerateOptions>]>([
    ["discoveries only", { discover: true }],
    ["candidates only", { allCandidates: true }],
    ["some candidates", { candidateIds: ["o003", "c1000", "o999"] }],
    ["a version, merged", { versionId: "v1", merge: true }],
    ["not closed", { finalize: false }],
    ["sorted", { sort: true }],
    ["ground processing", { candidateIds: ["o001"], dms: true }],
  ])("%s: the same bytes", async (_what, options) => {
    const [one, two] = await both(poolOf("nircam-mosaic"), options, 3);
    expect(two).toBe(one);
  });

  it("problems are the same, in the same order", async () => {
    const records = poolOf("miri-imaging").rows.map((r) => r.toRecord());
    records[2]["exp_type"] = "null";
    records[5]["exp_type"] = "boom";
    const [one, two] = await both(AssociationPool.from(records, "broken.csv"));
    expect(two).toBe(one);
    expect(one).toMatch(/no exposure type/);
    expect(one).toMatch(/boom/);
  });

  it("a pool without candidates is the same", async () => {
    const records = poolOf("nircam-mosaic").rows.map((r) => {
      const { asn_candidate: _, ...rest } = r.toRecord();
      return rest;
    });
    const [one, two] = await both(AssociationPool.from(records, "bare.csv"));
    expect(two).toBe(one);
  });

  it("a failing rule ends it, unless problems are asked for", async () => {
    const records = poolOf("miri-imaging").rows.map((r) => r.toRecord());
    records[5]["exp_type"] = "boom";
    const pool = AssociationPool.from(records, "broken.csv");
    await expect(generateAsync(pool, { rules, ruleModules, executor: cloning(2) })).rejects.toThrow(/boom/);
  });

  it("workers with other rules are refused", async () => {
    await expect(
      generateAsync(poolOf("fgs-imaging"), { rules, ruleModules: ruleModules.slice(0, 2), executor: cloning(2) }),
    ).rejects.toThrow(/other rules/);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { conditionHeader, conditionValue, reformatDate } from "../src/condition.js";
import type { Outcome } from "../src/mapping.js";
import { Rules } from "../src/rules.js";

const folder = new URL("./fixtures/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), "utf8");

/** An outcome in the words of the reference client. */
function words(outcome: Outcome): unknown {
  switch (outcome.kind) {
    case "file":
      return outcome.file;
    case "n/a":
      return "NOT FOUND n/a";
    case "omit":
      return "<absent>";
    case "none":
      return `NOT FOUND ${outcome.why}`;
  }
}

// Mappings made by hand, answers by the crds client 13.2.7.
describe("rules give the answers of the reference client", () => {
  const rules = new Rules(async (name) => read(`mappings/jwst/${name}`));
  const cases = JSON.parse(read("expected.json")) as {
    reftype: string;
    why: string;
    header: Record<string, unknown>;
    result: unknown;
  }[];
  it.each(cases.map((c) => [c.reftype, c.why, c] as const))("%s: %s", async (type, _, { header, result }) => {
    const best = await rules.best("jwst_9001.pmap", conditionHeader(header), [type]);
    expect(words(best.get(type)!)).toEqual(result);
  });
});

describe("values and dates are conditioned as the reference client does", () => {
  const vectors = JSON.parse(read("conditioning.json")) as {
    condition_value: { in: string; out: string }[];
    reformat_date: { in: string; out?: string; error?: string }[];
  };
  it.each(vectors.condition_value)("$in -> $out", ({ in: given, out }) => {
    expect(conditionValue(given)).toBe(out);
  });
  it.each(vectors.reformat_date)("$in -> $out", ({ in: given, out }) => {
    if (out === undefined) expect(() => reformatDate(given)).toThrow();
    else expect(reformatDate(given)).toBe(out);
  });
});

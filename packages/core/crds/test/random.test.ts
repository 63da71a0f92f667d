import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { conditionHeader, reformatDate } from "../src/condition.js";
import { parseMapping, ReferenceRules } from "../src/mapping.js";

interface Case {
  rules?: string;
  date?: string;
  header?: Record<string, unknown>;
  result?: unknown;
  refused?: string;
}

// Random rules with the answers of the crds client: tools/truth/crds_vectors.py.
const path = process.env.CALWEBB_CRDS_VECTORS ?? new URL("./fixtures/random.json.gz", import.meta.url);
const { files, cases } = JSON.parse(gunzipSync(readFileSync(path)).toString()) as {
  files: Record<string, string>;
  cases: Case[];
};

const load = (name: string) => new ReferenceRules(parseMapping(files[name], name, false));

/** The answer in the words of the client, without the reason of a failure. */
function ours(rules: ReferenceRules, header: Record<string, unknown>): unknown {
  const outcome = rules.evaluate(conditionHeader(header), () => undefined);
  if (outcome.kind === "file") return outcome.file;
  return outcome.kind === "omit" ? null : outcome.kind === "n/a" ? "NOT FOUND n/a" : "NOT FOUND";
}

const theirs = (result: unknown): unknown =>
  typeof result === "string" && result.startsWith("NOT FOUND") && result !== "NOT FOUND n/a" ? "NOT FOUND" : result;

describe.each(Object.keys(files))("%s", (name) => {
  it("gives the answers of the reference client", () => {
    const mine = cases.filter((c) => c.rules === name);
    if (mine[0].refused !== undefined) {
      expect(() => load(name), mine[0].refused).toThrow();
      return;
    }
    const rules = load(name);
    const wrong = mine
      .map((c) => ({ header: c.header, got: ours(rules, c.header!), want: theirs(c.result), said: c.result }))
      .filter((c) => JSON.stringify(c.got) !== JSON.stringify(c.want));
    expect(wrong, files[name]).toEqual([]);
  });
});

it("dates are read as the reference client reads them", () => {
  const dates = cases.filter((c) => c.date !== undefined);
  const read = (date: string) => {
    try {
      return reformatDate(date);
    } catch {
      return null;
    }
  };
  expect(dates.map((c) => [c.date, read(c.date!)])).toEqual(dates.map((c) => [c.date, c.result]));
});

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { fileSource } from "@calwebb/bytes/node";
import { openFits } from "@calwebb/fits";
import type { Step } from "@calwebb/stpipe";
import { describe, expect, test } from "vitest";
import { compareEcsv } from "./compare-ecsv.js";
import { compareFits } from "./compare-fits.js";
import type { Tolerances } from "./tolerance.js";

/** A truth case on disk: case.json, inputs, refs/, expected/; files may be gzipped. */
export interface TruthCase {
  name: string;
  doc?: string;
  arguments: string[];
  parameters: Record<string, unknown>;
  overrides: Record<string, unknown>;
  references: Record<string, string>;
  products: string[];
  tolerances: Tolerances;
  expect_error?: string;
}

/** Unpack a case into a folder of its own. */
function unpack(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) unpack(join(from, entry.name), join(to, entry.name));
    else {
      const bytes = readFileSync(join(from, entry.name));
      if (entry.name.endsWith(".gz")) writeFileSync(join(to, entry.name.slice(0, -3)), gunzipSync(bytes));
      else writeFileSync(join(to, entry.name), bytes);
    }
  }
}

/** The same tree with names of files of the case made absolute. */
function located(tree: Record<string, unknown>, folder: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      if (typeof value === "string" && value !== "" && value !== "N/A" && existsSync(join(folder, value)))
        return [key, join(folder, value)];
      if (typeof value === "object" && value !== null && !Array.isArray(value))
        return [key, located(value as Record<string, unknown>, folder)];
      return [key, value];
    }),
  );
}

function merged(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const out = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const old = out[key];
    const both =
      typeof value === "object" && value !== null && typeof old === "object" && old !== null && !Array.isArray(value);
    out[key] = both ? merged(old as Record<string, unknown>, value as Record<string, unknown>) : value;
  }
  return out;
}

const listFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((f) => /\.(fits|ecsv|asdf|json)$/.test(f))
        .sort()
    : [];

/**
 * Run a step on a truth case and compare every product.
 * @param folder - the case's folder
 * @returns differences as sentences, none when all agree
 * @throws what the step throws, unless the case wants an error
 */
export async function runTruthCase(step: Step, folder: string): Promise<string[]> {
  const truth: TruthCase = JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));
  const work = mkdtempSync(join(tmpdir(), "calwebb-truth-"));
  try {
    unpack(folder, work);
    const out = join(work, "out");
    mkdirSync(out);
    const params = located(merged(truth.overrides, truth.parameters), work);
    const table = located(truth.references ?? {}, work) as Record<string, string>;
    const answer = async (_: unknown, types: readonly string[]): Promise<Record<string, string>> =>
      Object.fromEntries(types.map((type) => [type, table[type] ?? "N/A"]));
    const resolver = { find: answer, prefetch: answer, context: async () => "jwst_0000.pmap" };
    const [input, ...more] = truth.arguments.map((name) => join(work, name));
    const before = readFileSync(input);
    let failure: unknown;
    try {
      await step.call(input, { ...params, save_results: true, output_dir: out } as never, { resolver, more });
    } catch (error) {
      failure = error;
    }
    if (truth.expect_error === undefined && failure !== undefined) throw failure;
    const differences: string[] = [];
    if (truth.expect_error !== undefined && failure === undefined) differences.push("ran, but an error was expected");
    if (!before.equals(readFileSync(input))) differences.push("the input file was changed");
    const present = listFiles(out);
    for (const name of present) if (!truth.products.includes(name)) differences.push(`${name}: not expected`);
    for (const name of truth.products) {
      if (!present.includes(name)) {
        differences.push(`${name}: missing`);
        continue;
      }
      if (name.endsWith(".ecsv")) {
        const [expected, got] = [join(work, "expected", name), join(out, name)].map((f) => readFileSync(f, "utf8"));
        differences.push(...compareEcsv(expected, got, name, truth.tolerances).map((why) => `${name}: ${why}`));
      }
      if (!name.endsWith(".fits")) continue;
      const expected = await openFits(fileSource(join(work, "expected", name)));
      const got = await openFits(fileSource(join(out, name)));
      differences.push(...(await compareFits(expected, got, name, truth.tolerances)).map((why) => `${name}: ${why}`));
      await expected.close();
      await got.close();
    }
    return differences;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * One test for every folder below `url`: the step's products must agree with those of the reference implementation.
 *
 * ```ts
 * truthSuite(JumpStep, new URL("./truth/", import.meta.url));
 * ```
 */
export function truthSuite(step: Step, url: URL): void {
  const folder = fileURLToPath(url);
  const cases = readdirSync(folder).filter((name) => existsSync(join(folder, name, "case.json")));
  describe(`${step.alias} agrees with the reference implementation`, () => {
    test("there are cases", () => expect(cases.length).toBeGreaterThan(0));
    for (const name of cases) test(name, async () => expect(await runTruthCase(step, join(folder, name))).toEqual([]));
  });
}

import { readdirSync, readFileSync } from "node:fs";
import { type Association, generate, type RuleSource, readPool } from "@calwebb/associations";

const folder = new URL("./truth/", import.meta.url);

export const readTruth = (file: string): string => readFileSync(new URL(file, folder), "utf8");

/** An association of the reference implementation; `_file` is the name of its file. */
export interface Expected {
  readonly _file: string;
  readonly asn_rule: string;
  readonly [key: string]: unknown;
}

/** Names of the observing programs whose associations are known. */
export const programs: readonly string[] = readdirSync(folder)
  .filter((f) => f.endsWith(".csv"))
  .map((f) => f.replace(".csv", ""));

export const expected = (program: string): Expected[] => JSON.parse(readTruth(`${program}.json`)) as Expected[];

/** What two generators have to agree about: everything but constraints and versions. */
export function content(associations: readonly Association[]): Expected[] {
  return associations.map((association) => {
    const { constraints, code_version, version_id, ...rest } = association.data;
    return { _file: `${association.name}.json`, ...rest } as Expected;
  });
}

export const byFile = (list: readonly Expected[]): Expected[] =>
  [...list].sort((a, b) => (a._file < b._file ? -1 : a._file > b._file ? 1 : 0));

export function made(program: string, rules: readonly RuleSource[]): Expected[] {
  const name = `${program}.csv`;
  return content(generate(readPool(readTruth(name), { name }), { rules }).associations);
}

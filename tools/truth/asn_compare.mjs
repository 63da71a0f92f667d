#!/usr/bin/env node
// Compares our associations with those of the reference implementation on the cases of asn_mutations.py.
//   node tools/truth/asn_compare.mjs CASES [NAME ...]
// Two associations are the same when names, types, rules, targets, products and members are. Cases that the reference
// implementation could not do are counted apart. Exit status 1 when anything differs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { level2Rules } from "../../packages/core/asn-level2/dist/index.js";
import { level3Rules } from "../../packages/core/asn-level3/dist/index.js";
import { generate, readPool } from "../../packages/core/associations/dist/index.js";

const [folder, ...only] = process.argv.slice(2);
if (!folder) {
  console.error("usage: asn_compare.mjs CASES [NAME ...]");
  process.exit(2);
}

/** Our options for those of the reference implementation. */
function optionsOf(words) {
  const options = { rules: [level2Rules, level3Rules] };
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "-i") {
      options.candidateIds = [];
      while (i + 1 < words.length && /^[oc]\d/.test(words[i + 1])) options.candidateIds.push(words[++i]);
    } else if (words[i] === "level2") options.rules = [level2Rules];
    else if (words[i] === "level3") options.rules = [level3Rules];
    else if (words[i] === "--version-id") options.versionId = words[++i];
    else {
      const name = {
        "--merge": "merge",
        "--discover": "discover",
        "--all-candidates": "allCandidates",
        "--DMS": "dms",
      }[words[i]];
      if (name === undefined) throw new Error(`unknown option ${words[i]}`);
      options[name] = true;
    }
  }
  return options;
}

const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : value && typeof value === "object"
      ? Object.fromEntries(
          Object.entries(value)
            .sort()
            .map(([k, v]) => [k, sorted(v)]),
        )
      : value;

let same = 0;
let failed = 0;
let different = 0;
for (const file of readdirSync(folder).filter((f) => f.endsWith(".json"))) {
  const name = file.replace(".json", "");
  if (only.length > 0 && !only.includes(name)) continue;
  const peer = JSON.parse(readFileSync(join(folder, file), "utf8"));
  const problems = [];
  const onProblem = (p) => problems.push(p);
  let ours;
  try {
    const pool = readPool(readFileSync(join(folder, `${name}.csv`), "utf8"), { name: `${name}.csv`, onProblem });
    ours = generate(pool, { ...optionsOf(peer.options), onProblem }).associations.map((a) => {
      const { constraints, version_id, code_version, ...data } = a.data;
      return JSON.stringify(sorted({ _file: `${a.name}.json`, target: null, ...data }));
    });
  } catch (error) {
    ours = [`error: ${error.message}`];
  }
  if (peer.error !== undefined) {
    failed++;
    continue;
  }
  // The reference implementation puts backslashes before special characters in names.
  const theirs = peer.associations.map((a) => JSON.stringify(sorted(a)).replaceAll("\\\\", ""));
  const missing = theirs.filter((a) => !ours.includes(a));
  const more = ours.filter((a) => !theirs.includes(a));
  if (missing.length + more.length === 0) same++;
  else {
    different++;
    console.log(`${name} (${peer.log.join(" ")}) ${peer.options.join(" ")}`);
    for (const a of missing.slice(0, 3)) console.log(`  missing ${a.slice(0, 400)}`);
    for (const a of more.slice(0, 3)) console.log(`  more    ${a.slice(0, 400)}`);
  }
}
console.log(`${same} cases the same, ${different} different, ${failed} that the reference implementation could not do`);
process.exitCode = different > 0 ? 1 : 0;

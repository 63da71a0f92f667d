#!/usr/bin/env node
// The association generator, whole processes, and how its time grows with the program.
//   node tools/bench/associations.mjs                     837 rows against the limits, and the curve up to 100,000 rows
//   node tools/bench/associations.mjs --pool FILE         a pool of one's own instead of the 837 rows
//   node tools/bench/associations.mjs --peer-rows 100     rows of the program that the reference implementation gets (0: none)
// CALWEBB_PEER_PYTHON names a Python that has `jwst` installed; without it only our own numbers are shown.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../run/setup.mjs";
import { programPool } from "./asn-program.mjs";
import { measure } from "./measure.mjs";

const { values: options } = parseArgs({
  strict: false,
  options: {
    pool: { type: "string" },
    "peer-rows": { type: "string", default: "100" },
    rows: { type: "string", default: "1000,3000,10000,30000,100000" },
    "asn-json": { type: "string" },
  },
});
const python = process.env.CALWEBB_PEER_PYTHON;
const command = join(root, "packages/apps/cli/bin/asn-generate.js");
const work = join(tmpdir(), "calwebb-bench-associations");
mkdirSync(work, { recursive: true });
const out = join(work, "out");
const rows = [];

function poolOf(n) {
  const file = join(work, `program_${n}.csv`);
  writeFileSync(file, programPool(n));
  return file;
}

async function ours(pool, extra = []) {
  rmSync(out, { recursive: true, force: true });
  const m = await measure(process.execPath, ["--max-old-space-size=4096", command, pool, "-p", out, ...extra]);
  if (m.status !== 0) throw new Error(`asn_generate ended with ${m.status}:\n${m.output}`);
  return m;
}

const text = ({ seconds, megabytes }) => `${seconds.toFixed(2).padStart(8)} s ${megabytes.toFixed(0).padStart(6)} MB`;

const pool = options.pool ?? poolOf(837);
await ours(pool);
const main = await ours(pool);
console.log(`${(options.pool ?? "837 rows, all files").padEnd(28)}${text(main)}   (limits 1.5 s, 200 MB)`);
rows.push({ name: "837 rows", ...main, output: undefined });

const peerRows = Number(options["peer-rows"]);
if (python && peerRows > 0) {
  const small = poolOf(peerRows);
  const own = await ours(small);
  const code = "import sys; from jwst.associations.main import main; main(sys.argv[1:])";
  const peer = await measure(python, ["-c", code, small, "--dry-run"]);
  console.log(
    `${`${peerRows} rows`.padEnd(28)}${text(own)}   peer${text(peer)}   ${(peer.seconds / own.seconds).toFixed(0)}x faster`,
  );
  rows.push({
    name: `${peerRows} rows`,
    ...own,
    peer: { seconds: peer.seconds, megabytes: peer.megabytes },
    output: undefined,
  });
}

console.log("growth (nothing written):");
for (const n of options.rows.split(",").map(Number)) {
  const m = await ours(poolOf(n), ["--dry-run"]);
  const made = / (\d+) associations/.exec(m.output)?.[1];
  console.log(
    `${`${n} rows`.padStart(14)} ${String(made).padStart(8)} associations${text(m)} ${((m.seconds * 1e6) / n).toFixed(0).padStart(6)} us a row`,
  );
  rows.push({ name: `${n} rows, dry run`, seconds: m.seconds, megabytes: m.megabytes });
}
if (options["asn-json"]) writeFileSync(options["asn-json"], `${JSON.stringify(rows, null, 1)}\n`);

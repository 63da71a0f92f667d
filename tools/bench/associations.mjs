#!/usr/bin/env node
// The association generator, whole processes, and how its time grows with the program.
//   node tools/bench/associations.mjs                     all observing programs of the simulator against the limits, and the growth
//   node tools/bench/associations.mjs --pool FILE         a pool of one's own instead, also for the reference implementation
//   node tools/bench/associations.mjs --no-peer           only our own numbers
//   node tools/bench/associations.mjs --rows 1000,3000    sizes of the growth ("": none); --cores 1,2 numbers of workers there
//   node tools/bench/associations.mjs --svg FILE --markdown FILE   the growth as a plot and a table
// CALWEBB_PEER_PYTHON names a Python that has `jwst` installed; it needs some 0.3 s a row.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../run/setup.mjs";
import { plotGrowth } from "./asn-plot.mjs";
import { programPool } from "./asn-program.mjs";
import { measure } from "./measure.mjs";

const { values: options } = parseArgs({
  strict: false,
  allowNegative: true,
  options: {
    pool: { type: "string" },
    peer: { type: "boolean", default: true },
    runs: { type: "string", default: "3" },
    rows: { type: "string", default: "1000,3000,10000,30000,100000" },
    cores: { type: "string", default: "1" },
    svg: { type: "string" },
    markdown: { type: "string" },
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

/** The best of some runs. */
async function ours(pool, extra = [], runs = Number(options.runs)) {
  let best;
  for (let i = 0; i < runs; i++) {
    rmSync(out, { recursive: true, force: true });
    const m = await measure(process.execPath, ["--max-old-space-size=4096", command, pool, "-p", out, ...extra]);
    if (m.status !== 0) throw new Error(`asn_generate ended with ${m.status}:\n${m.output}`);
    if (best === undefined || m.seconds < best.seconds) best = m;
  }
  return best;
}

const text = ({ seconds, cpu, megabytes }) =>
  `${seconds.toFixed(2).padStart(8)} s ${cpu.toFixed(2).padStart(8)} s of processor ${megabytes.toFixed(0).padStart(6)} MB`;

const pool = options.pool ?? poolOf(837);
const main = await ours(pool);
const made = / associations, .* of (\d+) exposures/.exec(main.output)?.[1];
console.log(`${`${made} exposures, all files`.padEnd(28)}${text(main)}   (limits 1.5 s, 200 MB)`);
const first = { name: `${made} exposures`, ...main, output: undefined };
if (python && options.peer) {
  const code = "import sys; from jwst.associations.main import main; main(sys.argv[1:])";
  const peer = await measure(python, ["-c", code, pool, "--dry-run"]);
  if (peer.status !== 0) throw new Error(`the reference implementation ended with ${peer.status}:\n${peer.output}`);
  console.log(`${"reference implementation".padEnd(28)}${text(peer)}`);
  console.log(
    `${(peer.seconds / main.seconds).toFixed(0)} times faster, with ${((main.megabytes / peer.megabytes) * 100).toFixed(0)} % of the memory`,
  );
  first.peer = { seconds: peer.seconds, cpu: peer.cpu, megabytes: peer.megabytes };
}
rows.push(first);

const growth = [];
if (options.rows) console.log("growth (nothing written):");
for (const n of (options.rows || "").split(",").filter(Boolean).map(Number))
  for (const cores of options.cores.split(",").map(Number)) {
    const m = await ours(poolOf(n), ["--dry-run", `--cores=${cores}`]);
    const associations = Number(/ (\d+) associations/.exec(m.output)?.[1]);
    console.log(
      `${`${n} rows`.padStart(14)} ${String(associations).padStart(8)} associations, ${cores} worker(s)${text(m)} ${((m.seconds * 1e6) / n).toFixed(0).padStart(6)} us a row`,
    );
    growth.push({ rows: n, cores, associations, seconds: m.seconds, cpu: m.cpu, megabytes: m.megabytes });
  }
if (options.markdown) {
  const lines = growth.map(
    (g) =>
      `| ${g.rows.toLocaleString("en")} | ${g.associations.toLocaleString("en")} | ${g.cores} | ${g.seconds.toFixed(2)} | ${g.cpu.toFixed(2)} | ${g.megabytes.toFixed(0)} |`,
  );
  const head =
    "| exposures | associations | workers | time (s) | processor time (s) | peak memory (MB) |\n|---|---|---|---|---|---|";
  writeFileSync(options.markdown, `${head}\n${lines.join("\n")}\n`);
}
if (options.svg) writeFileSync(options.svg, plotGrowth(growth));
if (options["asn-json"]) writeFileSync(options["asn-json"], `${JSON.stringify([...rows, ...growth], null, 1)}\n`);

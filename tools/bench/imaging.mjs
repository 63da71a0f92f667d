#!/usr/bin/env node
// calwebb_image2 and calwebb_image3 as whole processes against the reference implementation: dithered full frames of one star field,
// the same files and references, in one run.
//   node tools/bench/imaging.mjs                      everything
//   node tools/bench/imaging.mjs --only image2        cases whose name holds "image2"
//   node tools/bench/imaging.mjs --size 512 --count 4 smaller and fewer exposures (default 8 of 2048 x 2048)
// CALWEBB_PEER_PYTHON names a Python that has `jwst` installed; without it only our own numbers are shown.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../run/setup.mjs";
import { best, line, pick } from "./compare.mjs";
import { association, writeDithers } from "./dithers.mjs";

const { values: options } = parseArgs({
  strict: false,
  options: {
    only: { type: "string", default: "" },
    size: { type: "string", default: "2048" },
    count: { type: "string", default: "8" },
    runs: { type: "string", default: "2" },
    "imaging-json": { type: "string" },
  },
});
const only = options.only === "imaging" ? "" : options.only;
const size = Number(options.size);
const count = Number(options.count);
const half = Math.max(2, count >> 1);
const python = process.env.CALWEBB_PEER_PYTHON;
const strun = join(root, "packages/apps/cli/dist/bin/strun.js");
const peerStrun = join(root, "tools/truth/peer_strun.py");
const work = join(tmpdir(), `calwebb-bench-imaging-${size}-${count}`);
const env = { CALWEBB_REFERENCES: join(work, "references.json") };
const out = join(work, "out");

const rate = (k) => `jw01234001001_02101_${String(k + 1).padStart(5, "0")}_nrcalong_rate.fits`;
const asn = (n) => `jw01234-o001_image3_${String(n).padStart(5, "0")}_asn.json`;

/** Rates, references, the calibrated exposures that calwebb_image3 starts from, and associations of all and of half of them. */
async function prepare() {
  if (existsSync(join(work, asn(count)))) return;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  console.log(`making ${count} exposures of ${size} x ${size} in ${work}`);
  const rates = await writeDithers(work, { count, size });
  for (const name of rates) {
    const args = [
      strun,
      "calwebb_image2",
      join(work, name),
      `--output_dir=${work}`,
      "--steps.resample.skip=true",
      "--quiet",
    ];
    const made = spawnSync(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (made.status !== 0) process.exit(1);
  }
  const cals = rates.map((name) => name.replace("_rate", "_cal"));
  for (const n of new Set([half, count]))
    writeFileSync(
      join(work, asn(n)),
      `${JSON.stringify(association("jw01234-o001_t001_nircam_f444w", cals.slice(0, n)), null, 1)}\n`,
    );
}

const image2 = ["calwebb_image2", join(work, rate(0))];
const image3 = (n, ...extra) => ["calwebb_image3", join(work, asn(n)), ...extra];
const disk = "--in_memory=false";
/** name, arguments of both, workers of ours, the ratio that the project promises (0: no run of the other) */
const CASES = [
  ["image2, 1 worker", image2, 1, 3],
  ["image2, 2 workers", image2, 2, 3],
  [`image3, ${count}, 1 worker`, image3(count), 1, 4],
  [`image3, ${count}, 2 workers`, image3(count), 2, 4],
  [`image3, ${count}, on disk`, image3(count, disk), 2, 4],
  [`image3, ${half}`, image3(half), 2, 0],
  [`image3, ${half}, on disk`, image3(half, disk), 2, 0],
];

await prepare();
const peerTimes = new Map();
const rows = [];
for (const [name, args, cores, promise] of CASES) {
  if (!name.includes(only)) continue;
  const common = [...args, `--output_dir=${out}`, "--save_results=true"];
  const where = { out, env, cwd: work };
  const ours = await best(process.execPath, [strun, ...common, `--cores=${cores}`], {
    ...where,
    runs: Number(options.runs),
  });
  const key = args.join(" ");
  if (python && promise > 0 && !peerTimes.has(key))
    peerTimes.set(key, await best(python, [peerStrun, ...common], { ...where, runs: 1 }));
  const peer = promise > 0 ? peerTimes.get(key) : undefined;
  rows.push({ name, ours: pick(ours), peer: peer && pick(peer), promise });
  console.log(line(rows.at(-1)));
}
rmSync(out, { recursive: true, force: true });
if (options["imaging-json"]) writeFileSync(options["imaging-json"], `${JSON.stringify(rows, null, 1)}\n`);

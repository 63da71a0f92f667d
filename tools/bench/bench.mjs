#!/usr/bin/env node
// Whole processes against the reference implementation, on the same file and references, in one run.
//   npm run bench                         everything; the reference too when its Python is known
//   npm run bench -- --only jump          cases whose name holds "jump"
//   npm run bench -- --only associations   the association generator (associations.mjs says more)
//   npm run bench -- --only imaging        calwebb_image2 and calwebb_image3 (imaging.mjs says more); also image2, image3
//   npm run bench -- --only wcs            a full detector to the sky (wcs.mjs says more)
//   npm run bench -- --size 512           a smaller exposure (default: full frame 2048)
// CALWEBB_PEER_PYTHON names a Python that has `jwst` installed; without it only our own numbers are shown.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../run/setup.mjs";
import { best, line, pick } from "./compare.mjs";

// The other bench has options of its own.
if (/--only[= ]associations/.test(process.argv.join(" "))) {
  await import("./associations.mjs");
  process.exit(0);
}
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    size: { type: "string", default: "2048" },
    ints: { type: "string", default: "2" },
    groups: { type: "string", default: "10" },
    runs: { type: "string", default: "2" },
    json: { type: "string" },
  },
});
if (options.only === "wcs") {
  await import("./wcs.mjs");
  process.exit(0);
}
if (/^imag/.test(options.only)) {
  await import("./imaging.mjs");
  process.exit(0);
}
const python = process.env.CALWEBB_PEER_PYTHON;
const strun = join(root, "packages/apps/cli/dist/bin/strun.js");
const calwebb = join(root, "packages/apps/cli/dist/bin/calwebb.js");
const node = process.execPath;

/** Steps in the order of the pipeline; each case starts from the product of the step before. */
const CHAIN = ["dq_init", "saturation", "superbias", "refpix", "linearity", "dark_current", "jump"];

function must(args, env = {}) {
  const made = spawnSync(node, args, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "inherit"] });
  if (made.status !== 0) process.exit(1);
}

/**
 * A simulated exposure in a folder of its own and the products of the chain up to the step `last`; what is there is used again.
 * @returns the raw file, what each step of the chain takes, what its last one gives, the reference set
 */
function prepare(name, last, ...more) {
  const folder = join(tmpdir(), `calwebb-bench-${options.size}-${options.ints}x${options.groups}${name}`);
  if (!existsSync(join(folder, "references.json"))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    console.log(`simulating ${options.ints} x ${options.groups} x ${options.size} x ${options.size} in ${folder}`);
    must([
      join(root, "packages/apps/simulator/dist/bin/simulate.js"),
      "nircam",
      `--size=${options.size}`,
      `--nints=${options.ints}`,
      `--ngroups=${options.groups}`,
      `--out=${folder}`,
      "--seed=1",
      ...more,
    ]);
  }
  const env = { CALWEBB_REFERENCES: join(folder, "references.json") };
  const raw = join(
    folder,
    readdirSync(folder).find((f) => f.endsWith("_uncal.fits")),
  );
  const inputs = {};
  let output = raw;
  for (const alias of CHAIN.slice(0, CHAIN.indexOf(last) + 1)) {
    inputs[alias] = output;
    output = raw.replace("_uncal.fits", `_${alias}.fits`);
    if (!existsSync(output))
      must([strun, alias, inputs[alias], `--output_dir=${folder}`, `--suffix=${alias}`, "--save_results=true"], env);
  }
  return { folder, raw, inputs, output, env };
}

const plain = prepare("", "jump");
const snowy = "jump, many snowballs".includes(options.only)
  ? prepare("-snowballs", "dark_current", "--snowballs=100")
  : undefined;

const out = join(plain.folder, "out");
/** name, arguments of strun, extra arguments of ours, the ratio that the project promises, the exposure when another one */
const CASES = [
  ["detector1, 1 worker", ["calwebb_detector1", plain.raw], ["--cores=1"], 5],
  ["detector1, 2 workers", ["calwebb_detector1", plain.raw], ["--cores=2"], 8],
  ["jump", ["jump", plain.inputs.jump], ["--cores=2"], 10],
  ["jump, snowballs", ["jump", plain.inputs.jump, "--expand_large_events=true"], ["--cores=2"], 15],
  ["jump, many snowballs", ["jump", snowy?.output, "--expand_large_events=true"], ["--cores=2"], 15, snowy],
  ["ramp_fit, likelihood", ["ramp_fit", plain.output, "--algorithm=LIKELY"], ["--cores=2"], 10],
  ["ramp_fit, OLS", ["ramp_fit", plain.output], ["--cores=2"], 3],
  ["refpix", ["refpix", plain.inputs.refpix], ["--cores=2"], 3],
  ["linearity", ["linearity", plain.inputs.linearity], ["--cores=2"], 3],
  ["dark_current", ["dark_current", plain.inputs.dark_current], ["--cores=2"], 3],
];

const peerTimes = new Map();
const rows = [];
const where = ({ env, folder } = plain, runs = 1) => ({ out, env, cwd: folder, runs: Number(runs) });
for (const [name, args, extra, promise, exposure] of CASES) {
  if (!name.includes(options.only)) continue;
  const common = [...args, `--output_dir=${out}`, "--save_results=true"];
  const ours = await best(node, [strun, ...common, ...extra], where(exposure, options.runs));
  let peer;
  if (python) {
    const key = args.join(" ");
    peer =
      peerTimes.get(key) ??
      (await best(python, [join(root, "tools/truth/peer_strun.py"), ...common], where(exposure, 1)));
    peerTimes.set(key, peer);
  }
  rows.push({ name, ours: pick(ours), peer: peer && pick(peer), promise });
  console.log(line(rows.at(-1)));
}
for (const [name, args, limit] of [
  ["calwebb --version", [calwebb, "--version"], 150],
  ["strun jump -h", [strun, "jump", "-h"], 400],
]) {
  if (!name.includes(options.only)) continue;
  const m = await best(node, args, where(plain, 5));
  console.log(`${name.padEnd(24)} ${(m.seconds * 1000).toFixed(0).padStart(7)} ms  (limit ${limit} ms)`);
  rows.push({ name, milliseconds: m.seconds * 1000, limit });
}
if (options.only === "") {
  await import("./imaging.mjs");
  await import("./associations.mjs");
}
if (options.json)
  writeFileSync(options.json, `${JSON.stringify({ cpu: cpus()[0].model, cores: cpus().length, rows }, null, 1)}\n`);

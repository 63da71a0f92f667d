#!/usr/bin/env node
// How time and memory of calwebb_detector1 grow with groups and integrations: a table, and a plot as SVG.
//   node tools/bench/growth.mjs [--size 1024] [--svg docs/growth.svg] [--markdown docs/growth.md]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { root } from "../run/setup.mjs";
import { measure } from "./measure.mjs";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "1024" },
    svg: { type: "string" },
    markdown: { type: "string" },
    cores: { type: "string", default: "2" },
  },
});
const strun = join(root, "packages/apps/cli/dist/bin/strun.js");
const simulate = join(root, "packages/apps/simulator/dist/bin/simulate.js");
const CASES = [
  ...[5, 10, 20, 40, 80].map((ngroups) => ({ axis: "groups", nints: 1, ngroups })),
  ...[1, 2, 4, 8].map((nints) => ({ axis: "integrations", nints, ngroups: 10 })),
];

const rows = [];
for (const { axis, nints, ngroups } of CASES) {
  const work = join(tmpdir(), `calwebb-growth-${values.size}-${nints}x${ngroups}`);
  if (!existsSync(join(work, "references.json"))) {
    mkdirSync(work, { recursive: true });
    const made = spawnSync(
      process.execPath,
      [simulate, "nircam", `--size=${values.size}`, `--nints=${nints}`, `--ngroups=${ngroups}`, `--out=${work}`],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    if (made.status !== 0) process.exit(1);
  }
  const uncal = readdirSync(work).find((f) => f.endsWith("_uncal.fits"));
  const out = join(work, "out");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  const m = await measure(
    process.execPath,
    [strun, "calwebb_detector1", join(work, uncal), `--output_dir=${out}`, `--cores=${values.cores}`],
    {
      env: { CALWEBB_REFERENCES: join(work, "references.json") },
    },
  );
  if (m.status !== 0) throw new Error(m.output);
  const pixels = nints * ngroups * Number(values.size) ** 2;
  rows.push({ axis, nints, ngroups, megabytes: m.megabytes, seconds: m.seconds, raw: (pixels * 2) / 2 ** 20 });
  console.log(`${nints} x ${ngroups}: ${m.seconds.toFixed(2)} s, ${m.megabytes.toFixed(0)} MB`);
  rmSync(work, { recursive: true, force: true });
}

const table = [
  "| integrations | groups | raw file (MB) | time (s) | peak memory (MB) | memory / raw file |",
  "|---|---|---|---|---|---|",
  ...rows.map(
    (r) =>
      `| ${r.nints} | ${r.ngroups} | ${r.raw.toFixed(0)} | ${r.seconds.toFixed(2)} | ${r.megabytes.toFixed(0)} | ${(r.megabytes / r.raw).toFixed(1)} |`,
  ),
].join("\n");
console.log(table);
if (values.markdown) writeFileSync(values.markdown, `${table}\n`);
if (values.svg) {
  const { document } = parseHTML("<html><body></body></html>");
  const series = rows.flatMap((r) => [
    { x: r.raw, y: r.seconds, panel: "time (s)", axis: r.axis },
    { x: r.raw, y: r.megabytes / 1000, panel: "peak memory (GB)", axis: r.axis },
  ]);
  const svg = Plot.plot({
    document,
    width: 760,
    height: 320,
    marginLeft: 50,
    x: { label: "raw file (MB)", grid: true },
    y: { grid: true, label: null, zero: true },
    fx: { label: null },
    color: { legend: false },
    marks: [
      Plot.line(series, { x: "x", y: "y", fx: "panel", stroke: "axis" }),
      Plot.dot(series, { x: "x", y: "y", fx: "panel", fill: "axis", r: 4 }),
      Plot.text(
        ["groups", "integrations"].map((axis) => ({
          ...series.findLast((s) => s.axis === axis && s.panel === "time (s)"),
          axis,
        })),
        { x: "x", y: "y", fx: "panel", text: "axis", dy: -10 },
      ),
    ],
  });
  const picture = svg.tagName.toLowerCase() === "svg" ? svg : svg.querySelector("svg");
  picture.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  writeFileSync(values.svg, picture.outerHTML);
}

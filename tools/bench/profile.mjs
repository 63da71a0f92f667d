#!/usr/bin/env node
// Where the time of calwebb_detector1 goes, beside the limit that the machine sets: reading the raw file once, passing once through
// the ramp in memory, writing the products once.
//   node tools/bench/profile.mjs FOLDER      (a folder that calwebb-simulate wrote)
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Detector1Pipeline } from "@calwebb/detector1";

const folder = resolve(process.argv[2] ?? ".");
const uncal = join(
  folder,
  readdirSync(folder).find((f) => f.endsWith("_uncal.fits")),
);
const set = JSON.parse(readFileSync(join(folder, "references.json"), "utf8"));
const references = Object.fromEntries(
  Object.entries(set).map(([type, name]) => [
    type,
    name === "N/A" ? name : resolve(dirname(join(folder, "references.json")), name),
  ]),
);
const seconds = (t) => ((performance.now() - t) / 1000).toFixed(2).padStart(7);

// The pipeline saves the rates per integration on its own, into the current folder.
const scratch = mkdtempSync(join(tmpdir(), "calwebb-profile-"));
process.chdir(scratch);
const begin = performance.now();
const times = new Map();
const result = await Detector1Pipeline.call(
  uncal,
  {},
  {
    references,
    onEvent: (event) => {
      if (event.depth !== 1) return;
      if (event.type === "start") times.set(event.step, performance.now());
      if (event.type === "done") console.log(`${event.step.padEnd(22)} ${seconds(times.get(event.step))} s`);
    },
  },
);
console.log(`${"all".padEnd(22)} ${seconds(begin)} s   (one worker)`);
void result;
process.chdir(folder);
rmSync(scratch, { recursive: true });

const size = statSync(uncal).size;
let t = performance.now();
const fd = openSync(uncal, "r");
const buffer = Buffer.alloc(1 << 23);
for (let at = 0; at < size; at += buffer.length) readSync(fd, buffer, 0, buffer.length, at);
closeSync(fd);
console.log(`${"limit: read".padEnd(22)} ${seconds(t)} s   ${(size / 2 ** 20).toFixed(0)} MB`);
const ramp = new Float32Array((size / 2) | 0);
ramp.fill(1);
t = performance.now();
for (let i = 0; i < ramp.length; i++) ramp[i] += 1;
console.log(`${"limit: one pass".padEnd(22)} ${seconds(t)} s   ${((ramp.length * 4) / 2 ** 20).toFixed(0)} MB`);
const file = join(folder, "profile.tmp");
t = performance.now();
writeFileSync(file, Buffer.alloc(3 * 20 * 2 ** 22));
console.log(`${"limit: write".padEnd(22)} ${seconds(t)} s   240 MB`);
rmSync(file);

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fileSource } from "@calwebb/bytes/node";
import { type CubeModel, type ImageModel, openModel, type RampModel } from "@calwebb/datamodels";
import { Detector1Pipeline } from "@calwebb/detector1";
import { group } from "@calwebb/dqflags";
import { renderImage } from "@calwebb/picture";
import { simulate } from "../exposure.js";
import { modeOf } from "../modes.js";
import { writeExposure } from "../write.js";
import { drawRamp } from "./ramp-plot.js";

/** Simulate a NIRCam exposure, run calwebb_detector1 on it, draw the rate image and one fitted ramp, and say where all is. */
export async function demo(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      out: { type: "string", default: "products" },
      size: { type: "string", default: "512" },
      seed: { type: "string", default: "7" },
    },
  });
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  const size = Number(values.size);
  const ngroups = 10;
  console.log(`simulating a NIRCam exposure: 2 integrations x ${ngroups} groups x ${size} x ${size} pixels`);
  const exposure = simulate(modeOf("nircam", { size }), {
    nints: 2,
    ngroups,
    seed: Number(values.seed),
    // A subarray is read fast; more cosmic rays than in space make the picture worth looking at.
    effects: { cosmicRays: 60 },
    field: { background: 20 },
  });
  const written = await writeExposure(exposure, { folder, ngroups });
  console.log("running calwebb_detector1");
  const started = performance.now();
  await Detector1Pipeline.call(
    written.uncal,
    { output_dir: folder, save_results: true, save_calibrated_ramp: true },
    {
      references: referencePaths(written.references),
      onEvent: (event) => {
        if (event.depth !== 1) return;
        if (event.type === "done") console.log(`  ${event.step}`);
        if (event.type === "skipped") console.log(`  ${event.step} (skipped)`);
      },
    },
  );
  console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const product = (suffix: string): string => written.uncal.replace("_uncal.fits", `_${suffix}.fits`);
  const rate = (await openModel(fileSource(product("rate")))) as ImageModel;
  const [ny, nx] = rate.data.shape;
  const picture = product("rate").replace(".fits", ".png");
  writeFileSync(picture, renderImage(rate.data.flat(), nx, ny));
  const plot = await plotRamp(product("ramp"), product("rateints"), folder);
  console.log("\nproducts:");
  for (const file of readdirSync(folder)
    .filter((f) => f.endsWith(".fits"))
    .sort())
    console.log(`  ${join(folder, file)}`);
  console.log(`count-rate image:     ${picture}\none pixel's fitted ramp: ${plot}`);
}

/** Type -> path of the references that a reference set names; "N/A" stays. */
function referencePaths(file: string): Record<string, string> {
  const set: Record<string, string> = JSON.parse(readFileSync(file, "utf8"));
  return Object.fromEntries(
    Object.entries(set).map(([type, name]) => [type, name === "N/A" ? name : resolve(dirname(file), name)]),
  );
}

/** Draw the ramp of a bright pixel that a cosmic ray hit in the first integration. */
async function plotRamp(rampFile: string, ratesFile: string, folder: string): Promise<string> {
  const ramp = (await openModel(fileSource(rampFile))) as RampModel;
  const rates = (await openModel(fileSource(ratesFile))) as CubeModel;
  const [, ngroups, ny, nx] = ramp.data.shape;
  const n = ny * nx;
  const dq = ramp.groupdq.flat();
  const rate = rates.data.flat();
  let best = -1;
  for (let p = 0; p < n; p++) {
    const jumps = Array.from({ length: ngroups }, (_, g) => dq[g * n + p] & group.JUMP_DET).filter(Boolean).length;
    const clean = Array.from({ length: ngroups }, (_, g) => dq[g * n + p] & (group.SATURATED | group.DO_NOT_USE)).every(
      (v) => v === 0,
    );
    const middle = dq[Math.floor(ngroups / 2) * n + p] & group.JUMP_DET;
    if (jumps === 1 && middle && clean && rate[p] > 0 && (best < 0 || rate[p] > rate[best])) best = p;
  }
  if (best < 0) for (let p = 0; p < n; p++) if (best < 0 || rate[p] > rate[best]) best = p;
  const groupTime = ramp.meta.exposure.group_time ?? 1;
  const plot = join(folder, "ramp.png");
  writeFileSync(
    plot,
    drawRamp({
      title: `pixel (${(best % nx) + 1}, ${Math.floor(best / nx) + 1}), integration 1: ${rate[best].toFixed(2)} DN/s`,
      time: Array.from({ length: ngroups }, (_, g) => (g + 1) * groupTime),
      counts: Array.from({ length: ngroups }, (_, g) => ramp.data.flat()[g * n + best]),
      flags: Array.from({ length: ngroups }, (_, g) => dq[g * n + best]),
      slope: rate[best],
    }),
  );
  return plot;
}

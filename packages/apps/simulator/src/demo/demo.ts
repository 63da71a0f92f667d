import { mkdirSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readReferenceSet } from "@calwebb/crds/node";
import { Detector1Pipeline } from "@calwebb/detector1";
import { ValidationError } from "@calwebb/errors";
import { Image2Pipeline } from "@calwebb/image2";
import { Image3Pipeline } from "@calwebb/image3";
import type { RunOptions } from "@calwebb/stpipe";
import { imagingObservation } from "../observation/imaging.js";
import { writeObservation } from "../observation/write.js";
import { matchSources } from "./match.js";
import { lookAt, plotRamp } from "./pictures.js";

const GROUPS = 6;

/**
 * Simulate dithered exposures of NIRCam, take them through calwebb_detector1, calwebb_image2 and calwebb_image3, draw what comes out, and
 * say where all of it is.
 */
export async function demo(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      out: { type: "string", default: "products" },
      size: { type: "string", default: "320" },
      dithers: { type: "string", default: "4" },
      seed: { type: "string", default: "7" },
    },
  });
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  const [size, dithers, seed] = [values.size, values.dithers, values.seed].map(Number);
  const clock = stopwatch();
  console.log(`simulating ${dithers} dithered exposures of NIRCam: ${GROUPS} groups x ${size} x ${size} pixels each`);
  const written = await writeObservation(
    imagingObservation({
      detectors: ["NRCB1"],
      filter: "F200W",
      readpatt: "MEDIUM8",
      size,
      dithers,
      seed,
      nints: 1,
      ngroups: GROUPS,
      field: { stars: 1500, galaxies: 900, faintest: 24.5 },
      // A subarray is read fast; more cosmic rays than in space make the pictures worth looking at.
      effects: { cosmicRays: 20 },
    }),
    { folder },
  );
  clock();
  const { uncal, references, stage2 } = written.detectors["NRCB1"];
  const options = { resolver: await readReferenceSet(references) };
  const save = { output_dir: folder, save_results: true };

  console.log("running calwebb_detector1: raw exposures to count rates");
  for (const [number, raw] of uncal.entries())
    await Detector1Pipeline.call(
      raw,
      { ...save, save_calibrated_ramp: number === 0 },
      { ...options, ...named(number === 0) },
    );
  clock();
  console.log("running calwebb_image2: count rates to calibrated exposures");
  await Image2Pipeline.call(stage2, save, { ...options, ...named(false) });
  clock();
  console.log("running calwebb_image3: calibrated exposures to a mosaic and a catalog");
  // So small a field has fewer stars than the usual number for an alignment.
  await Image3Pipeline.call(
    written.stage3,
    { ...save, steps: { tweakreg: { minobj: 8 } } },
    { ...options, ...named(true) },
  );
  clock();

  const product = (suffix: string): string => {
    const found = readdirSync(folder).find((name) => name.includes("_t001_") && name.endsWith(suffix));
    if (found === undefined)
      throw new ValidationError(`calwebb_image3 made no ${suffix} in ${folder}`, { file: folder });
    return join(folder, found);
  };
  const [mosaic, catalog] = [product("_i2d.fits"), product("_cat.ecsv")];
  const first = (suffix: string): string => uncal[0].replace("_uncal.fits", `_${suffix}.fits`);
  const pictures = {
    "count-rate image": await lookAt(first("rate"), join(folder, "rate.png")),
    "one pixel's fitted ramp": await plotRamp(first("ramp"), first("rateints"), join(folder, "ramp.png")),
    mosaic: await lookAt(mosaic, join(folder, "mosaic.png")),
    "mosaic with the catalog": await lookAt(mosaic, join(folder, "catalog.png"), catalog),
  };
  console.log(`\nproducts in ${folder}:`);
  for (const file of readdirSync(folder).sort()) if (/\.(fits|ecsv|json)$/.test(file)) console.log(`  ${file}`);
  console.log(`\nmosaic   ${basename(mosaic)}\ncatalog  ${basename(catalog)}\ntruth    ${basename(written.truth)}`);
  console.log(`${matchSources(catalog, written.truth)}\n\npictures:`);
  for (const [what, path] of Object.entries(pictures)) console.log(`  ${what.padEnd(24)} ${path}`);
}

/** Prints the time since the last call. */
function stopwatch(): () => void {
  let last = performance.now();
  return () => {
    const now = performance.now();
    console.log(`  ${((now - last) / 1000).toFixed(1)} s`);
    last = now;
  };
}

/** Say the names of the steps as they are done. */
const named = (show: boolean): Pick<RunOptions, "onEvent"> => ({
  onEvent: (event) => {
    if (!show || event.depth !== 1) return;
    if (event.type === "done") console.log(`  ${event.step}`);
    if (event.type === "skipped") console.log(`  ${event.step} (skipped)`);
  },
});

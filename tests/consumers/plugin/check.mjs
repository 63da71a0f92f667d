// A step of somebody else: found among the dependencies, listed, helped, run from the command line.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { ndarray } from "@calwebb/array";
import { atomicFileSink, fileSource } from "@calwebb/bytes/node";
import { createModel, encodeModel, openModel } from "@calwebb/datamodels";

const data = ndarray("float32", [4, 4]);
data.data.fill(1.5);
await encodeModel(
  createModel("ImageModel", { data, meta: { instrument: { name: "NIRCAM" } } }),
  atomicFileSink("x_rate.fits"),
);

function calwebb(...args) {
  const result = spawnSync("npx", ["--no-install", ...args], { encoding: "utf8" });
  if (result.status !== 0)
    throw new Error(`${args.join(" ")} ended with ${result.status}: ${result.stdout}${result.stderr}`);
  return result.stdout + result.stderr;
}
if (!calwebb("calwebb", "list").includes("acme_scale")) throw new Error("calwebb list does not name the plugin's step");
if (!calwebb("strun", "acme_scale", "-h").includes("factor"))
  throw new Error("the step's help does not name its parameter");
calwebb("strun", "acme_scale", "x_rate.fits", "--factor=3", "--suffix=scaled");
calwebb("strun", "acme_scale", "x_rate.fits", "--factor=4", "--suffix=explicit", "--plugin=acme-calwebb-scale");
for (const [suffix, wanted] of [
  ["scaled", 4.5],
  ["explicit", 6],
]) {
  const image = await openModel(fileSource(`x_${suffix}.fits`));
  await image.load();
  if (image.data.get(2, 2) !== wanted) throw new Error(`${suffix}: ${image.data.get(2, 2)}, wanted ${wanted}`);
}
console.log("  a third-party step is found, listed and run");

// Rules of somebody else, from a package that is named like any module.
writeFileSync(
  "pool.csv",
  [
    "filename|program|exp_type|instrume|filter|subarray|obs_num",
    "a_uncal.fits|1|nrc_image|nircam|f200w|full|1",
    "b_uncal.fits|1|nrc_image|nircam|f115w|full|1",
    "c_uncal.fits|1|nrc_image|nircam|f200w|full|1",
  ].join("\n"),
);
const listed = calwebb(
  "asn_generate",
  "pool.csv",
  "-r",
  "acme-asn-rules",
  "--ignore-default",
  "--all-candidates",
  "--dry-run",
);
if (!/candidate_Asn_AcmePerFilter {2}2 members/.test(listed))
  throw new Error(`asn_generate -r acme-asn-rules: ${listed}`);
if (
  !calwebb("asn_generate", "pool.csv", "-r", "@calwebb/asn-level2", "--ignore-default", "--dry-run").includes(
    "pool.csv: ",
  )
)
  throw new Error("asn_generate takes the rules of a stage by the name of their package");
console.log("  rules of a third-party package make associations");

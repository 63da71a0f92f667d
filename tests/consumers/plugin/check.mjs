// A step of somebody else: found among the dependencies, listed, helped, run from the command line.
import { spawnSync } from "node:child_process";
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

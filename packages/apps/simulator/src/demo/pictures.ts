import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileSource } from "@calwebb/bytes/node";
import { dispatch } from "@calwebb/cli";
import { type CubeModel, type ImageModel, openModel, type RampModel } from "@calwebb/datamodels";
import { group } from "@calwebb/dqflags";
import { drawRamp } from "./ramp-plot.js";

/** Levels between which a picture shows both the sky and the stars: shares of all values. */
const [DARK, BRIGHT] = [0.1, 0.996];

/** Darkest and brightest value to show of an image. */
async function limitsOf(path: string): Promise<[number, number]> {
  const image = (await openModel(fileSource(path))) as ImageModel;
  await image.load("data");
  const values = image.data.flat().filter(Number.isFinite).sort();
  await image.close();
  return [DARK, BRIGHT].map((share) => values[Math.floor(share * (values.length - 1))]) as [number, number];
}

/** Draw an image, with the sources of a catalog if there is one, as `calwebb look` does. @returns the picture's path */
export async function lookAt(image: string, picture: string, catalog?: string): Promise<string> {
  const limits = (await limitsOf(image)).join(",");
  const sources = catalog === undefined ? [] : [`--catalog=${catalog}`];
  await dispatch(["look", image, `--out=${picture}`, `--limits=${limits}`, ...sources], {
    program: "calwebb",
    cwd: dirname(picture),
    env: {},
    signal: new AbortController().signal,
    isTerminal: false,
    columns: 80,
    out: () => {},
    err: (text) => process.stderr.write(text),
  });
  return picture;
}

/** Draw the ramp of a bright pixel that a cosmic ray hit in the first integration. @returns the plot's path */
export async function plotRamp(rampFile: string, ratesFile: string, plot: string): Promise<string> {
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

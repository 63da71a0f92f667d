import { NdArray } from "@calwebb/array";
import { createModel, type Model, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { JumpStep } from "../src/index.js";

const ny = 6;
const nx = 7;

/** Noiseless ramps of 10 DN per group with one jump of 500 DN at group 3 of pixel (2, 3). */
function ramp(ngroups = 6): RampModel {
  const model = createModel("RampModel", { shape: [1, ngroups, ny, nx] });
  const data = model.data.flat();
  for (let g = 0; g < ngroups; g++)
    for (let p = 0; p < ny * nx; p++) data[g * ny * nx + p] = 10 * g + (p === 2 * nx + 3 && g >= 3 ? 500 : 0);
  model.meta.exposure.group_time = 2;
  model.meta.exposure.nframes = 1;
  model.meta.instrument.name = "NIRCAM";
  Object.assign(model.meta.subarray, { xstart: 1, ystart: 1, xsize: nx, ysize: ny });
  return model;
}

function reference(name: "GainModel" | "ReadnoiseModel", value: number): Model {
  const model = createModel(name, { data: new NdArray(new Float32Array(ny * nx).fill(value), [ny, nx]) });
  Object.assign(model.meta.subarray, { xstart: 1, ystart: 1, xsize: nx, ysize: ny });
  return model;
}

const references = (): Record<string, Model> => ({
  gain: reference("GainModel", 2),
  readnoise: reference("ReadnoiseModel", 5),
});

stepConformance(JumpStep, { input: ramp, references });
truthSuite(JumpStep, new URL("./truth/", import.meta.url));

describe("jump", () => {
  const flagged = (model: RampModel): number[] => [...model.groupdq.flat()].flatMap((f, i) => (f ? [i] : []));

  test("flags the jump and its neighbours, and counts it", async () => {
    const out = await JumpStep.call(ramp(), {}, { references: references() });
    const at = 3 * ny * nx + 2 * nx + 3;
    expect(flagged(out)).toEqual([at - nx, at - 1, at, at + 1, at + nx]);
    expect(out.groupdq.flat()[at]).toBe(4);
    // 5 groups of 2 s remain beside the first; one jump in 42 pixels.
    expect(out.meta.exposure.primary_cosmic_rays).toBeCloseTo(1000 / (10 * ny * nx), 12);
    expect(out.meta.exposure.extended_emission_events).toBe(0);
  });

  test("ramps of two groups are skipped without asking for references", async () => {
    const out = await JumpStep.call(ramp(2), {}, { references: {} });
    expect(out.meta.cal_step.jump).toBe("SKIPPED");
  });

  test("says which keyword is missing", async () => {
    const input = ramp();
    input.delete("meta.exposure.group_time");
    await expect(JumpStep.call(input, {}, { references: references() })).rejects.toThrow(/TGROUP/);
  });

  test("a pixel without gain is flagged and never has jumps", async () => {
    const refs = references();
    (refs.gain as unknown as { data: NdArray<Float32Array> }).data.flat()[2 * nx + 3] = Number.NaN;
    const out = await JumpStep.call(ramp(), {}, { references: refs });
    expect(flagged(out)).toEqual([]);
    expect(out.pixeldq.flat()[2 * nx + 3]).toBe(524288 + 1);
  });
});

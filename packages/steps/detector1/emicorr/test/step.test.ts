import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NdArray, ndarray } from "@calwebb/array";
import { fileSource } from "@calwebb/bytes/node";
import { createModel, type EmiModel, openModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { afterAll, describe, expect, test } from "vitest";
import { EmiCorrStep } from "../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "emicorr-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function wave(n = 64): NdArray<Float64Array> {
  return new NdArray(
    Float64Array.from({ length: n }, (_, k) => Math.sin((2 * Math.PI * (k + 0.5)) / n)),
    [n],
  );
}

/** Straight ramps with a 390.625 Hz pickup of 5 DN. */
function ramp(ngroups = 10): RampModel {
  const [ny, nx] = [16, 16];
  const data = ndarray("float32", [1, ngroups, ny, nx]);
  for (let g = 0; g < ngroups; g++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const time = g * (ny * 28 + (1024 - ny) * 7) + y * 28 + Math.floor(x / 4);
        data.set(0, g, y, x, 100 * g + 5 * Math.sin(2 * Math.PI * (time / 256 + 0.2)));
      }
  return createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", data.shape),
    pixeldq: ndarray("uint32", [ny, nx]),
    meta: {
      filename: "jw01_mirimage_in.fits",
      instrument: { name: "MIRI", detector: "MIRIMAGE" },
      subarray: { name: "SUB64", xstart: 1, ystart: 1, xsize: nx, ysize: ny },
      exposure: { readpatt: "FASTR1", nsamples: 1 },
    },
  });
}

function reference(): EmiModel {
  const model = createModel("EmiModel");
  model.tree["frequencies"] = { Hz390: { frequency: 390.625, phase_amplitudes: wave() } };
  model.tree["subarray_cases"] = {
    SUB64: { rowclocks: 28, frameclocks: 8512, freqs: { FAST: ["Hz390"], SLOW: { MIRIMAGE: ["Hz390"] } } },
  };
  return model;
}

/** Largest departure from the straight ramp. */
function worst(out: RampModel): number {
  const [, ngroups, ny, nx] = out.data.shape;
  const data = out.data.flat();
  let most = 0;
  for (let g = 0; g < ngroups; g++)
    for (let p = 0; p < ny * nx; p++) most = Math.max(most, Math.abs(data[g * ny * nx + p] - 100 * g));
  return most;
}

stepConformance(EmiCorrStep, { input: ramp, references: () => ({ emicorr: reference() }) });
truthSuite(EmiCorrStep, new URL("./truth/", import.meta.url));

describe("EmiCorrStep", () => {
  test("joint: removes nearly all of it", async () => {
    const out = await EmiCorrStep.call(ramp(), {}, { references: { emicorr: reference() } });
    expect(worst(out)).toBeLessThan(0.2);
  });

  test("measured waveforms are saved as a reference that the step can use", async () => {
    await EmiCorrStep.call(
      ramp(),
      { onthefly_corr_freq: [390.625], save_intermediate_results: true, output_dir: folder, nbins: 32 },
      {},
    );
    const file = join(folder, "jw01_mirimage_in_emi_ref_waves.asdf");
    const saved = await openModel(fileSource(file), { model: "EmiModel" });
    const { frequencies, subarray_cases } = saved.tree as Record<string, Record<string, Record<string, unknown>>>;
    expect(frequencies["390.625"]["frequency"]).toBe(390.625);
    expect(subarray_cases["SUB64"]).toEqual({ rowclocks: 28, frameclocks: 8512, freqs: { FASTR1: ["390.625"] } });
    await saved.close();
  });

  test("a file given with the old parameter is used, and nothing is looked up", async () => {
    const file = join(folder, "own.asdf");
    const { encodeModel } = await import("@calwebb/datamodels");
    const { atomicFileSink } = await import("@calwebb/bytes/node");
    await encodeModel(reference(), await atomicFileSink(file), { fileName: "own.asdf" });
    const out = await EmiCorrStep.call(ramp(), { user_supplied_reffile: file });
    expect(worst(out)).toBeLessThan(0.2);
  });

  test("a reference without a waveform is refused", async () => {
    const emicorr = reference();
    emicorr.tree["frequencies"] = { Hz390: { frequency: 390.625 } };
    await expect(EmiCorrStep.call(ramp(), {}, { references: { emicorr } })).rejects.toThrow(/phase_amplitudes/);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ndarray } from "@calwebb/array";
import { fileSource } from "@calwebb/bytes/node";
import { createModel, openModel, type RampModel, Table, type TrapsFilledModel } from "@calwebb/datamodels";
import { group, pixel } from "@calwebb/dqflags";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { afterAll, describe, expect, test } from "vitest";
import { PersistenceStep } from "../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "persistence-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const full = { xstart: 1, ystart: 1, xsize: 3, ysize: 2 };

/** 1 integration of 3 groups, 10 s apart. */
function ramp(subarray: object = full, [ny, nx] = [2, 3], more: object = {}): RampModel {
  const data = ndarray("float32", [1, 3, ny, nx]);
  for (let i = 0; i < data.data.length; i++) data.data[i] = 1000 * Math.floor(i / (ny * nx));
  return createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", data.shape),
    pixeldq: ndarray("uint32", [ny, nx]),
    meta: {
      filename: "jw01_nrcb1_in.fits",
      instrument: { name: "NIRCAM", detector: "NRCB1" },
      subarray,
      exposure: { start_time: 60000, end_time: 60001, integration_time: 30, group_time: 10, frame_time: 10, ...more },
    },
  });
}

stepConformance(PersistenceStep, { input: () => ramp(), params: { persistence_time: 100 } });
truthSuite(PersistenceStep, new URL("./truth/", import.meta.url));

describe("windows over several exposures", () => {
  test("the state file carries windows on, detector by detector", async () => {
    const state = join(folder, "windows.txt");
    const file = join(folder, "windows.asdf");
    const first = ramp();
    first.groupdq.set(0, 1, 1, 2, group.SATURATED);
    await PersistenceStep.call(first, { persistence_time: 3600, save_persistence: state });
    const saved = (await openModel(fileSource(file))).tree as Record<string, { pers_time: number; filename: string }>;
    expect(saved["NRCB1"].pers_time).toBe(3600);
    expect(saved["NRCB1"].filename).toBe("jw01_nrcb1_in.fits");

    const later = ramp(full, [2, 3], { start_time: 60000 + 600 / 86400 });
    later.meta.instrument.detector = "NRCB2";
    const other = await PersistenceStep.call(later, {
      persistence_time: 3600,
      persistence_array_file: file,
      save_persistence: file,
    });
    expect(other.groupdq.flat().some((v) => v !== 0)).toBe(false);
    later.meta.instrument.detector = "NRCB1";
    const params = { persistence_time: 3600, persistence_array_file: file };
    const same = await PersistenceStep.call(later, params);
    expect([0, 1, 2].map((g) => same.groupdq.get(0, g, 1, 2))).toEqual(new Array(3).fill(group.PERSISTENCE));
    expect(same.groupdq.get(0, 0, 0, 0)).toBe(0);
    const another = await PersistenceStep.call(later, { ...params, persistence_time: 3601 });
    expect(another.groupdq.flat().some((v) => v !== 0)).toBe(false);
  });

  test("a state file of a larger subarray is refused", async () => {
    const file = join(folder, "large.asdf");
    const large = ramp({ xstart: 1, ystart: 1, xsize: 6, ysize: 4 }, [4, 6]);
    large.groupdq.data.fill(group.SATURATED);
    await PersistenceStep.call(large, { persistence_time: 3600, save_persistence: file });
    await expect(
      PersistenceStep.call(ramp(), { persistence_time: 3600, persistence_array_file: file }),
    ).rejects.toThrow(/outside the exposure/);
  });

  test("without start time or with a window of 0 s", async () => {
    const lost = ramp();
    lost.delete("meta.exposure.start_time");
    await expect(PersistenceStep.call(lost, { persistence_time: 10 })).rejects.toThrow(/EXPSTART/);
    expect((await PersistenceStep.call(ramp(), { persistence_time: 0 })).meta.cal_step.persistence).toBe("FAILED");
  });
});

describe("algorithm=traps", () => {
  const image = (value: number) => {
    const a = ndarray("float32", [2, 3]);
    a.data.fill(value);
    return a;
  };
  function references() {
    const meta = { instrument: { name: "NIRCAM" }, subarray: full };
    const column = (name: string, value: number) => ({
      name,
      dtype: "float64" as const,
      shape: [],
      variable: false,
      data: Float64Array.of(value),
    });
    const trapdensity = createModel("TrapDensityModel", { data: image(1), dq: ndarray("uint32", [2, 3]), meta });
    trapdensity.data.set(0, 0, Number.NaN);
    trapdensity.dq.set(0, 1, pixel.DO_NOT_USE);
    return {
      trapdensity,
      persat: createModel("PersistenceSatModel", { data: image(50000), dq: ndarray("uint32", [2, 3]), meta }),
      trappars: createModel("TrapParsModel", {
        trappars_table: new Table(1, [
          column("capture0", 300),
          column("capture1", -0.01),
          column("capture2", 50),
          column("decay_param", -0.002),
        ]),
      }),
    };
  }
  const call = (input: RampModel, params: object = {}) =>
    PersistenceStep.call(input, { algorithm: "traps", output_dir: folder, ...params }, { references: references() });
  const state = async () =>
    (await openModel(fileSource(join(folder, "jw01_nrcb1_in_trapsfilled.fits")))) as TrapsFilledModel;
  // 2 * slope^2 * (dt^2 * 350 / 2 + 300 (100 dt + 10000) exp(-dt / 100) - 3e6), dt = 40 s, slope 1000 / 50000 / 10 s
  const captured = 2 * 0.002 ** 2 * (1600 * 175 + 300 * 14000 * Math.exp(-0.4) - 3e6);

  test("captures traps, and releases them in the next exposure", async () => {
    const out = await call(ramp());
    expect(out.data.get(0, 2, 1, 1)).toBe(2000);
    const filled = await state();
    expect(filled.data.shape).toEqual([1, 2, 3]);
    expect(filled.data.get(0, 1, 1)).toBeCloseTo(captured, 4);
    // No density is known, or it is not to be used.
    expect(filled.data.get(0, 0, 0)).toBe(0);
    expect(filled.data.get(0, 0, 1)).toBe(0);
    await filled.close();

    const next = ramp(full, [2, 3], { start_time: 60001 + 100 / 86400 });
    const before = join(folder, "before.fits");
    rmSync(before, { force: true });
    const { renameSync } = await import("node:fs");
    renameSync(join(folder, "jw01_nrcb1_in_trapsfilled.fits"), before);
    const corrected = await call(next, { input_trapsfilled: before, save_persistence: "true", flag_pers_cutoff: 0.01 });
    const left = captured * Math.exp(-0.2);
    const released = left * (1 - Math.exp(-0.06));
    expect(corrected.data.get(0, 2, 1, 1)).toBeCloseTo(2000 - released, 3);
    expect(corrected.pixeldq.get(1, 1)).toBe(pixel.PERSISTENCE);
    expect(corrected.pixeldq.get(0, 0)).toBe(0);
    const pers = (await openModel(fileSource(join(folder, "jw01_nrcb1_in_output_pers.fits")))) as RampModel;
    expect(pers.data.get(0, 2, 1, 1)).toBeCloseTo(released, 5);
    await pers.close();
  });

  test("a subarray updates its part of the detector", async () => {
    await call(ramp({ xstart: 2, ystart: 2, xsize: 2, ysize: 1 }, [1, 2]));
    const filled = await state();
    expect([...filled.data.flat()].map((v) => v > 0)).toEqual([false, false, false, false, true, true]);
    expect(filled.meta.subarray.xsize).toBe(3);
    await filled.close();
  });

  test("skipped without references; refused with the state of another detector size", async () => {
    const none = await PersistenceStep.call(
      ramp(),
      { algorithm: "traps" },
      {
        resolver: {
          find: async (_, types) => Object.fromEntries(types.map((t) => [t, "N/A"])),
          prefetch: async () => ({}),
          context: async () => "",
        },
      },
    );
    expect(none.meta.cal_step.persistence).toBe("SKIPPED");
    await expect(call(ramp(), { input_trapsfilled: join(folder, "nothing.fits") })).rejects.toThrow(/nothing.fits/);
  });
});

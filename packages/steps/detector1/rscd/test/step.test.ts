import { ndarray } from "@calwebb/array";
import { createModel, type RampModel, type RSCDModel, Table } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { RscdStep } from "../src/index.js";

/** 2 integrations of 5 groups that rise by 20 per group. */
function ramp(readpatt = "FASTR1", subarray = "FULL"): RampModel {
  const data = ndarray("float32", [2, 5, 2, 2]);
  for (let i = 0; i < data.data.length; i++) data.data[i] = 20 * (Math.floor(i / 4) % 5);
  return createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", data.shape),
    pixeldq: ndarray("uint32", [2, 2]),
    meta: {
      instrument: { name: "MIRI", detector: "MIRIMAGE" },
      subarray: { name: subarray, xstart: 1, ystart: 1 },
      exposure: { readpatt, nframes: 1, groupgap: 0, ngroups: 5, nints: 2 },
    },
  });
}

type TableColumn = ConstructorParameters<typeof Table>[1][number];
const strings = (name: string, data: string[]): TableColumn => ({
  name,
  dtype: "string",
  shape: [],
  variable: false,
  data,
});
const floats = (name: string, data: number[]): TableColumn => ({
  name,
  dtype: "float32",
  shape: [],
  variable: false,
  data: Float32Array.from(data),
});

function reference(): RSCDModel {
  const model = createModel("RSCDModel", { meta: { instrument: { name: "MIRI" } } });
  model.rscd_group_skip_table = new Table(1, [
    strings("subarray", ["FULL"]),
    strings("readpatt", ["FASTR1"]),
    { name: "group_skip1", dtype: "int32", shape: [], variable: false, data: Int32Array.of(1) },
    { name: "group_skip", dtype: "int32", shape: [], variable: false, data: Int32Array.of(2) },
  ]);
  return model;
}

/** The same with the seventeen columns of the decay correction; even rows have half the amplitude. */
function decayReference(): RSCDModel {
  const model = reference();
  const both = (name: string, value: number) => floats(name, [value, value]);
  const data = new Table(2, [
    strings("SUBARRAY", ["FULL", "FULL"]),
    strings("READPATT", ["FAST", "FAST"]),
    strings("ROWS", ["EVEN", "ODD"]),
    both("TAU", 2),
    floats("ASCALE", [1, 2]),
    both("POW", 1),
    both("ILLUM_ZP", 0.5),
    both("ILLUM_SLOPE", 0.25),
    both("ILLUM2", 0.125),
    both("PARAM3", 100),
    both("CROSSOPT", 30),
    both("SAT_ZP", 0),
    both("SAT_SLOPE", 0),
    both("SAT2", 0),
    both("SAT_MZP", 0.5),
    both("SAT_ROWTERM", 0),
    both("SAT_SCALE", 1),
  ]);
  model.extraFits["RSCD"] = { data };
  return model;
}

stepConformance(RscdStep, { input: () => ramp(), references: () => ({ rscd: reference() }) });
truthSuite(RscdStep, new URL("./truth/", import.meta.url));

describe("algorithm=decay", () => {
  const call = (input: RampModel, params: object = {}, rscd = decayReference()) =>
    RscdStep.call(input, { algorithm: "decay", ...params }, { references: { rscd } });

  test("adds the decay to the second integration", async () => {
    const out = await call(ramp());
    // Last group 80, counts2 50, b1 = 0.5 + 5 * 0.25 + 25 * 0.125 = 4.875, twice that in odd rows.
    const even = 80 * 4.875 * 50 * (Math.exp(-0.5) - 1);
    for (let g = 0; g < 5; g++) {
      const decay = Math.exp(-(g + 1) / 2);
      expect(out.data.get(0, g, 0, 0)).toBe(20 * g);
      expect(out.data.get(1, g, 1, 0)).toBeCloseTo(20 * g + even * decay, 1);
      expect(out.data.get(1, g, 0, 0)).toBeCloseTo(20 * g + 2 * even * decay, 1);
    }
    expect(out.meta.cal_step.rscd).toBe("COMPLETE");
  });

  test("percent and the other reading of equation 2", async () => {
    const out = await call(ramp(), { decay_percent: true, decay_equation: "reciprocal" });
    const even = (0.01 * 80 * 4.875 * 50) / (Math.exp(0.5) - 1);
    expect(out.data.get(1, 0, 1, 0)).toBeCloseTo(even * Math.exp(-0.5), 2);
  });

  test("a mode that is not listed is skipped; a reference without the table is refused", async () => {
    expect((await call(ramp("SLOW"))).meta.cal_step.rscd).toBe("SKIPPED");
    expect((await call(ramp("FAST", "SUB64"))).meta.cal_step.rscd).toBe("SKIPPED");
    await expect(call(ramp(), {}, reference())).rejects.toThrow(/no table RSCD.*algorithm=flag/);
  });
});

import { readFileSync } from "node:fs";
import { createModel, type IRS2Model, type RampModel, tableFrom } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { describe, expect, test } from "vitest";
import { RefPixStep } from "../src/index.js";

interface Sampled {
  name: string;
  detector: string;
  parameters: object;
  shape: number[];
  at: [number, number, number][];
  values: number[];
  mean: number;
  std: number;
  flagged: number[];
}

const truth: { cases: Sampled[] } = JSON.parse(readFileSync(new URL("./truth-irs2.json", import.meta.url), "utf8"));

const NY = 3200;
const NX = 2048;
const ROWS = 2 * 712 * 2048;

/** The input that the truth was made for. */
function input(detector: string, ngroups: number): RampModel {
  const ramp = createModel("RampModel", {
    shape: [1, ngroups, NY, NX],
    meta: {
      instrument: { name: "NIRSPEC", detector },
      exposure: { type: "NRS_IFU", nrs_normal: 16, nrs_reference: 4 },
      subarray: {
        name: "FULL",
        xstart: 1,
        ystart: 1,
        xsize: NX,
        ysize: NX,
        fastaxis: detector === "NRS1" ? 2 : -2,
        slowaxis: detector === "NRS1" ? 1 : -1,
      },
    },
  });
  const data = ramp.data.data;
  for (let g = 0, i = 0; g < ngroups; g++)
    for (let y = 0; y < NY; y++)
      for (let x = 0; x < NX; x++, i++) {
        let v = 1000 + 20 * g + ((x * 73 + y * 151 + g * 37 + ((x * y) % 97) * 13) % 41);
        if (y === 708 || y === 709) v += 300;
        if (y === 1390 || y === 1391) v += (x * 31) % 211;
        data[i] = y === 2000 && x >= 100 && x < 110 ? 0 : v;
      }
  ramp.pixeldq.set(1948, 5, pixel.BAD_REF_PIXEL);
  return ramp;
}

function reference(rows = ROWS): IRS2Model {
  const columns: Record<string, Float32Array> = {};
  for (let k = 0; k < 4; k++) {
    columns[`alpha_${k}`] = Float32Array.from({ length: rows }, (_, i) => 0.2 + ((i * (k + 3)) % 101) / 1000);
    columns[`beta_${k}`] = Float32Array.from({ length: rows }, (_, i) => 0.3 + ((i * (k + 5)) % 103) / 1000);
  }
  return createModel("IRS2Model", {
    irs2_table: tableFrom(columns),
    dq_table: tableFrom({
      output: Int16Array.of(1, 2, 3),
      odd_even: Int16Array.of(2, 1, 1),
      mask: Uint32Array.of(4, 2 ** 31, 3),
    }),
  });
}

describe("IRS2 exposures agree with the reference implementation", () => {
  test.each(truth.cases)("$name", async ({ detector, parameters, shape, at, values, mean, std, flagged }) => {
    const out = (await RefPixStep.call(input(detector, 2), parameters as never, {
      references: { refpix: reference() },
    })) as RampModel;
    expect(out.data.shape).toEqual(shape);
    at.forEach(([g, y, x], i) => {
      expect(Math.abs(out.data.get(0, g, y, x) - values[i])).toBeLessThan(1e-5 * Math.abs(values[i]) + 1e-3);
    });
    const data = out.data.data;
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i];
    const average = sum / data.length;
    let squares = 0;
    for (let i = 0; i < data.length; i++) squares += (data[i] - average) ** 2;
    expect(Math.abs(average - mean)).toBeLessThan(1e-4);
    expect(Math.abs(Math.sqrt(squares / data.length) - std)).toBeLessThan(1e-4);
    const lines: number[] = [];
    for (let y = 0; y < out.pixeldq.shape[0]; y++) {
      let any = 0;
      for (let x = 0; x < NX; x++) any |= out.pixeldq.get(y, x) & pixel.BAD_REF_PIXEL;
      if (any !== 0) lines.push(y);
    }
    expect(lines).toEqual(flagged);
  });

  test("a reference of the wrong length: SKIPPED and untouched", async () => {
    const ref = reference(100);
    const out = (await RefPixStep.call(input("NRS1", 1), {}, { references: { refpix: ref } })) as RampModel;
    expect(out.meta.cal_step.refpix).toBe("SKIPPED");
    expect(out.data.get(0, 0, 708, 0)).toBe(1300 + ((708 * 151) % 41));
  });
});

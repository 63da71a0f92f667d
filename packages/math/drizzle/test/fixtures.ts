import { readFileSync } from "node:fs";

type Numbers = (number | null)[];
interface Fixtures {
  nx: number;
  ny: number;
  onx: number;
  ony: number;
  exposures: { x: Numbers; y: Numbers; data: Numbers; weight: Numbers; dq: number[] }[];
  cases: { kernel: string; pixfrac: number; out: Numbers; wht: Numbers; con: number[]; dq: number[] }[];
  blot: { image: Numbers; x: Numbers; y: Numbers; out: Numbers };
  flags: {
    sci: Numbers;
    err: Numbers;
    model: Numbers;
    derivative: Numbers;
    resampled: number[];
    plain: number[];
  };
  median: { stack: Numbers; out: Numbers };
  threshold: { weights: Numbers; value: number };
}

/** What the reference libraries gave (tools/truth/drizzle_fixtures.py); null stands for NaN. */
export const fixtures = JSON.parse(readFileSync(new URL("./fixtures.json", import.meta.url), "utf8")) as Fixtures;

export const f32 = (values: Numbers): Float32Array => Float32Array.from(values, (v) => v ?? Number.NaN);
export const f64 = (values: Numbers): Float64Array => Float64Array.from(values, (v) => v ?? Number.NaN);

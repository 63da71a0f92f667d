import type { NdArray } from "@calwebb/array";
import type { EmiModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { SUBARRAY_CLOCKS } from "./kernel.js";

/** One frequency of interference. */
export interface Interference {
  /** Name in the reference file, or the number as text. */
  name: string;
  /** Hz */
  frequency: number;
  /** One period of the waveform; null: to be measured. */
  wave: Float64Array | null;
}

/** What applies to a subarray and read pattern. */
export interface Configuration {
  rowclocks: number;
  frameclocks: number;
  interference: Interference[];
}

type Tree = Record<string, unknown> | undefined;

const member = (tree: unknown, name: string): unknown => (tree as Tree)?.[name];

/** Numbers of a list, of an array in memory, or of one that is still in the file. */
async function numbers(value: unknown): Promise<Float64Array> {
  if (Array.isArray(value)) return Float64Array.from(value as number[]);
  const stored = value as { read?: () => Promise<NdArray> } | undefined;
  const array = typeof stored?.read === "function" ? await stored.read() : (value as NdArray | undefined);
  if (typeof array?.flat !== "function")
    throw new ValidationError("a frequency of the EMICORR reference has no phase_amplitudes", {
      where: "frequencies",
    });
  return Float64Array.from(array.flat() as ArrayLike<number>);
}

/** The configuration that a reference file lists for an exposure; undefined when it does not list it. */
export async function fromReference(
  reference: EmiModel,
  subarray: string,
  readpatt: string,
  detector: string,
): Promise<Configuration | undefined> {
  const speed = readpatt.toUpperCase().includes("SLOW") ? "SLOW" : "FAST";
  const name = subarray.includes("FULL") ? `${subarray}_${speed}` : subarray;
  const one = reference.get(`subarray_cases.${name}`) ?? reference.get(`data.subarray_cases.${name}`);
  const listed = member(member(one, "freqs"), speed);
  const names = (speed === "FAST" ? listed : member(listed, detector)) as string[] | undefined;
  const rowclocks = member(one, "rowclocks") as number | undefined;
  if (rowclocks === undefined || names === undefined || names.length === 0) return undefined;
  const interference: Interference[] = [];
  for (const key of names) {
    const entry = reference.get(`frequencies.${key}`) ?? reference.get(`data.frequencies.${key}`);
    const frequency = member(entry, "frequency") as number;
    interference.push({ name: key, frequency, wave: await numbers(member(entry, "phase_amplitudes")) });
  }
  return { rowclocks, frameclocks: member(one, "frameclocks") as number, interference };
}

/** The configuration for frequencies whose waveform is measured in the data; undefined for an unknown subarray. */
export function onTheFly(
  subarray: string,
  readpatt: string,
  frequencies: readonly number[],
): Configuration | undefined {
  const pattern = readpatt.toUpperCase();
  const speed = pattern.includes("FAST") ? "_FAST" : pattern.includes("SLOW") ? "_SLOW" : "";
  const clocks = SUBARRAY_CLOCKS[subarray === "FULL" ? subarray + speed : subarray];
  if (clocks === undefined || frequencies.length === 0) return undefined;
  return { ...clocks, interference: frequencies.map((f) => ({ name: floatText(f), frequency: f, wave: null })) };
}

/** A number as Python writes a float: `10.0`, `390.625`. */
export function floatText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : String(value);
}

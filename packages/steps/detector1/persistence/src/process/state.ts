import { NdArray } from "@calwebb/array";
import { createModel, type Model } from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";

/** Opens and saves models; what the step's context gives. */
interface Files {
  openModel(path: string): Promise<Model>;
  saveModel(model: Model, options: { path: string }): Promise<string>;
}

interface Entry {
  filename?: string;
  rows?: unknown;
  cols?: unknown;
  vals?: unknown;
  pers_time?: number;
}

/** Names without a folder mean the current folder, not that of the input. */
const here = (path: string): string => (/[\\/]/.test(path) ? path : `./${path}`);

/** The file as a model, undefined when it does not exist. */
async function openState(path: string, files: Files): Promise<Model | undefined> {
  try {
    const model = await files.openModel(here(path));
    await model.load();
    return model;
  } catch (error) {
    if (isCalwebbError(error, "IoError")) return undefined;
    throw error;
  }
}

/** Numbers of a list, of an array in memory, or of one that is still in the file. */
async function numbers(value: unknown): Promise<number[]> {
  if (Array.isArray(value)) return value.map(Number);
  const stored = value as { read?: () => Promise<NdArray> } | undefined;
  const array = typeof stored?.read === "function" ? await stored.read() : (value as NdArray | undefined);
  return Array.from((array?.flat() ?? []) as ArrayLike<number | bigint>, Number);
}

/**
 * Ends of the windows that the file holds for a detector, put into `ends`.
 * @param path - ASDF file: a mapping from detector to rows, cols, vals (seconds since 1970) and pers_time
 * @returns why nothing was taken, or undefined
 */
export async function readWindows(
  path: string,
  detector: string,
  time: number,
  ends: Float64Array,
  shape: readonly [number, number],
  files: Files,
): Promise<string | undefined> {
  const state = await openState(path, files);
  if (state === undefined) return `${path} does not exist`;
  const entry = state.tree[detector] as Entry | undefined;
  if (entry === undefined) return `${path} knows nothing of detector ${detector}`;
  if (entry.pers_time !== time) return `${path} was made with a persistence_time of ${entry.pers_time}, not ${time}`;
  const rows = await numbers(entry.rows);
  const cols = await numbers(entry.cols);
  const vals = await numbers(entry.vals);
  for (let i = 0; i < vals.length; i++) {
    if (!(rows[i] < shape[0] && cols[i] < shape[1]))
      throw new RangeError(`${path}: pixel row ${rows[i]}, column ${cols[i]} is outside the exposure`);
    ends[rows[i] * shape[1] + cols[i]] = vals[i];
  }
  return undefined;
}

/** Write the windows that are open at the end into the file, beside those of other detectors. */
export async function writeWindows(
  path: string,
  detector: string,
  time: number,
  ends: Float64Array,
  nx: number,
  filename: string | undefined,
  files: Files,
): Promise<void> {
  const name = /\.asdf$/.test(path) ? path : `${path.replace(/\.[^./\\]*$/, "")}.asdf`;
  const open: number[] = [];
  for (let p = 0; p < ends.length; p++) if (ends[p] !== 0) open.push(p);
  const integers = (of: (p: number) => number) => {
    const data = BigInt64Array.from(open, (p) => BigInt(of(p)));
    return new NdArray(data, [data.length]);
  };
  const old = await openState(name, files);
  const state = createModel("JwstDataModel");
  for (const [key, value] of Object.entries(old?.tree ?? {}))
    if (!["meta", "history", "asdf_library"].includes(key)) state.tree[key] = value;
  state.tree[detector] = {
    filename,
    rows: integers((p) => Math.floor(p / nx)),
    cols: integers((p) => p % nx),
    vals: new NdArray(
      Float64Array.from(open, (p) => ends[p]),
      [open.length],
    ),
    pers_time: time,
  };
  await files.saveModel(state, { path: name });
}

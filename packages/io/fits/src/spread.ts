import { defineTask, type Executor, splitRange, type Task, type TypedArray } from "@calwebb/array";
import { reopen, type SourceHandle } from "@calwebb/bytes";
import type { Storage } from "./convert.js";
import { runSync } from "./plan.js";
import { fillStored } from "./stored.js";

/** Smaller images are not worth the workers [byte]. */
const SPREAD_FROM = 1 << 23;
/** Elements of a piece. */
const PIECE = 1 << 21;

interface ReadArgs {
  readonly handle: SourceHandle;
  readonly storage: Storage;
  readonly target: TypedArray;
  readonly start: number;
}

/** Fill an array from a source that this thread opens itself. */
export async function readStored({ handle, storage, target, start }: ReadArgs): Promise<void> {
  const source = await reopen(handle);
  try {
    runSync(source, fillStored(storage, target, start));
  } finally {
    await source.close();
  }
}

const readTask: Task<ReadArgs, void> = defineTask(import.meta.url, "readStored", readStored);

/** Whether filling an array is worth several workers, and whether they see its memory. */
export function isSpread(executor: Executor | undefined, target: TypedArray): boolean {
  if (executor === undefined || executor.workers < 2 || target.byteLength < SPREAD_FROM) return false;
  return typeof SharedArrayBuffer !== "undefined" && (target.buffer as unknown) instanceof SharedArrayBuffer;
}

/** As `fillStored`, by all workers; they also take the new memory into use. */
export async function fillSpread(
  executor: Executor,
  handle: SourceHandle,
  storage: Storage,
  target: TypedArray,
  start: number,
): Promise<void> {
  const pieces = splitRange(target.length, PIECE).map(([from, to]) => ({
    handle,
    storage,
    target: target.subarray(from, to) as TypedArray,
    start: start + from * storage.size,
  }));
  await executor.run(readTask, pieces);
}

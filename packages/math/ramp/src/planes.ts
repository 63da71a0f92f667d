import { allocate, type Executor, inlineExecutor } from "@calwebb/array";
import type { FitPlanes } from "./types.js";

/**
 * Result planes of `n` values each: in memory that may be written over, where there is enough of it, else zero-filled and in shared memory
 * when large.
 */
export function allocatePlanes(n: number, spare?: Float32Array): FitPlanes {
  if (spare !== undefined && spare.length >= 5 * n) {
    const plane = (i: number): Float32Array => spare.subarray(i * n, (i + 1) * n);
    const dq = plane(1);
    return {
      slope: plane(0),
      dq: new Uint32Array(dq.buffer, dq.byteOffset, n),
      varPoisson: plane(2),
      varRnoise: plane(3),
      err: plane(4),
    };
  }
  return {
    slope: allocate("float32", n),
    dq: allocate("uint32", n),
    varPoisson: allocate("float32", n),
    varRnoise: allocate("float32", n),
    err: allocate("float32", n),
  };
}

const isShared = (a: ArrayBufferView): boolean =>
  typeof SharedArrayBuffer !== "undefined" && a.buffer instanceof SharedArrayBuffer;

/**
 * The executor to use for tasks that write into `outputs`: workers see them only in shared memory, and copying unshared
 * inputs to every piece would cost more than it saves.
 */
export function executorFor(
  executor: Executor | undefined,
  arrays: readonly (ArrayBufferView | undefined)[],
): Executor {
  if (executor === undefined || executor.workers <= 1) return inlineExecutor;
  return arrays.every((a) => a === undefined || a.byteLength === 0 || isShared(a)) ? executor : inlineExecutor;
}

/** Rows per piece of work: about four million samples, at least one row. */
export function rowsPerPiece(ncols: number, samples: number): number {
  return Math.max(1, Math.round(4_000_000 / Math.max(1, ncols * samples)));
}

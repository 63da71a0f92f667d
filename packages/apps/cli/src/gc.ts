import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Executor, type RunOptions, sharedBytesMade, type Task } from "@calwebb/array";

/** The garbage collector of this thread, as a function. */
export function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/**
 * Make the garbage collector callable as `gc()`. Large arrays lie outside the heap, where their size does not move the collector to
 * act; a run that has to keep to an amount of memory calls it between pieces.
 */
export function exposeGarbageCollector(): void {
  const place = globalThis as { gc?: () => void };
  place.gc ??= garbageCollector();
}

/** Shared memory that may be made before its garbage is looked for [byte]. */
const MADE = 5 << 25;

/** Work that takes longer than this leaves the time for it [ms]. */
const LONG = 30;

/** An executor that frees the shared memory nobody uses any more when much has been made: while workers are busy, this thread is not. */
export function collecting<E extends Executor>(executor: E): E {
  let before = 0;
  let collect: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tidy = (): void => {
    timer = undefined;
    before = sharedBytesMade();
    collect ??= garbageCollector();
    collect();
  };
  return {
    ...executor,
    run<A, R>(task: Task<A, R>, pieces: readonly A[], options?: RunOptions): Promise<R[]> {
      const running = executor.run(task, pieces, options);
      if (timer !== undefined || sharedBytesMade() - before <= MADE) return running;
      timer = setTimeout(tidy, LONG);
      return running.finally(() => {
        clearTimeout(timer);
        timer = undefined;
      });
    },
  };
}

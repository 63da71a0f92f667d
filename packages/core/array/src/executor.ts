/** What a run may carry beside its arguments. */
export interface RunOptions {
  signal?: AbortSignal;
  /** Called after each finished piece with the number done so far. */
  onDone?: (done: number, total: number) => void;
}

/**
 * A function that may run in a worker. Its module must export it under `name`; arguments and result are structured-cloned,
 * so pixels travel as typed arrays over shared memory and are changed in place.
 */
export interface Task<A, R> {
  /** `import.meta.url` of the module that exports the function. */
  readonly module: string;
  /** The export's name. */
  readonly name: string;
  readonly fn: (args: A) => R | Promise<R>;
}

/**
 * Spreads independent pieces of work. The result must not depend on `workers`: callers cut the work into pieces that do not
 * influence each other, or combine the returned values in the order of the arguments.
 */
export interface Executor {
  /** How many pieces run at the same time; 1 for the inline executor. */
  readonly workers: number;
  run<A, R>(task: Task<A, R>, pieces: readonly A[], options?: RunOptions): Promise<R[]>;
}

/** Declare a function as a task: `defineTask(import.meta.url, "fitRows", fitRows)`. */
export function defineTask<A, R>(module: string, name: string, fn: (args: A) => R | Promise<R>): Task<A, R> {
  return Object.freeze({ module, name, fn });
}

/** Calls back after whatever is due has run: at once where the platform can, as timers wait for at least a millisecond. */
const pause: (then: () => void) => unknown =
  (globalThis as { setImmediate?: (then: () => void) => unknown }).setImmediate ?? ((then) => setTimeout(then, 0));

/** Runs the pieces one after the other on the calling thread. */
export const inlineExecutor: Executor = {
  workers: 1,
  async run(task, pieces, options) {
    const results = [];
    for (const piece of pieces) {
      options?.signal?.throwIfAborted();
      results.push(await task.fn(piece));
      options?.onDone?.(results.length, pieces.length);
      // Let timers and progress bars run between pieces.
      await new Promise<void>((resolve) => pause(resolve));
    }
    return results;
  },
};

/**
 * Cut 0..n into consecutive ranges [start, end) of at most `size` each; the last may be shorter.
 */
export function splitRange(n: number, size: number): [number, number][] {
  const out: [number, number][] = [];
  const step = Math.max(1, Math.floor(size));
  for (let start = 0; start < n; start += step) out.push([start, Math.min(n, start + step)]);
  return out;
}

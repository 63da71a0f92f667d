import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { type Executor, inlineExecutor, type RunOptions, sharedBytesMade, type Task } from "@calwebb/array";
import { Cancelled } from "@calwebb/errors";
import { type Answer, type Job, TIDY, unpackError } from "./message.js";
import { shareArguments } from "./shared.js";

/** An executor over worker threads; they start with `start` or the first work and end with `close`. */
export interface Pool extends Executor {
  /** Start all threads, so that they are ready when there is work. */
  start(): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly job: Job;
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** Shared memory that may be made before workers are told to let go of what they have seen [byte]. */
const MADE = 1 << 26;
/** Memory for young objects that a thread begins with [MiB]: what kernels make for a piece is soon garbage. */
const YOUNG = 4;

const WORKER = new URL("./worker.js", import.meta.url);

/**
 * Make a pool. A task runs by its module and name in a worker, with its arrays in shared memory; results come in the order of the
 * pieces, so they are the same for every number of workers.
 * @param workers - how many threads
 * @param script - module that the threads run
 */
export function makePool(workers: number, script: URL = WORKER): Pool {
  // Threads are made with the flags of the time; there is no option for this.
  setFlagsFromString(`--min-semi-space-size=${YOUNG}`);
  const threads: Worker[] = [];
  const idle: Worker[] = [];
  /** What each thread has to do, the first of which it does now. */
  const busy = new Map<Worker, Waiting[]>();
  const queue: Waiting[] = [];
  let next = 0;
  let tidied = 0;

  const drop = (thread: Worker, error: unknown): void => {
    threads.splice(threads.indexOf(thread), 1);
    const at = idle.indexOf(thread);
    if (at >= 0) idle.splice(at, 1);
    const [now, ...later] = busy.get(thread) ?? [];
    busy.delete(thread);
    queue.unshift(...later);
    now?.failed(error);
  };
  const begin = (): Worker => {
    const thread = new Worker(script);
    // An idle worker must not keep the process alive.
    thread.unref();
    thread.on("message", (answer: Answer) => {
      const work = busy.get(thread);
      const waiting = work?.shift();
      if (work?.length === 0) rest(thread);
      if ("error" in answer) waiting?.failed(unpackError(answer.error));
      else waiting?.done(answer.result);
      pump();
    });
    thread.on("error", (error) => {
      drop(thread, error);
      pump();
    });
    thread.on("exit", () => {
      if (threads.includes(thread)) drop(thread, new Error("a worker ended before its work was done"));
    });
    threads.push(thread);
    return thread;
  };
  const rest = (thread: Worker): void => {
    busy.delete(thread);
    idle.push(thread);
    thread.unref();
  };
  /** A thread that gets its next piece before it has finished one, so that it need not wait; the last pieces go to who is first. */
  const ahead = (): Worker | undefined => {
    if (queue.length <= workers) return undefined;
    for (const [thread, work] of busy) if (work.length < 2) return thread;
    return undefined;
  };
  const pump = (): void => {
    while (queue.length > 0) {
      const thread = idle.pop() ?? (threads.length < workers ? begin() : ahead());
      if (!thread) return;
      const waiting = queue.shift() as Waiting;
      const work = busy.get(thread) ?? [];
      work.push(waiting);
      busy.set(thread, work);
      thread.ref();
      try {
        thread.postMessage(waiting.job);
      } catch (error) {
        work.pop();
        if (work.length === 0) rest(thread);
        waiting.failed(error);
      }
    }
  };
  const start = (): void => {
    while (threads.length < workers) idle.push(begin());
  };
  const close = async (): Promise<void> => {
    const all = threads.splice(0);
    idle.length = 0;
    for (const waiting of queue.splice(0)) waiting.failed(new Cancelled());
    for (const waiting of [...busy.values()].flat()) waiting.failed(new Cancelled());
    busy.clear();
    await Promise.all(all.map((thread) => thread.terminate()));
  };

  async function run<A, R>(task: Task<A, R>, pieces: readonly A[], options: RunOptions = {}): Promise<R[]> {
    const { signal, onDone } = options;
    if (pieces.length < 2) return inlineExecutor.run(task, pieces, options);
    signal?.throwIfAborted();
    const arguments_ = shareArguments(pieces);
    let done = 0;
    const stop = (): void => void close();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const results = await Promise.all(
        arguments_.pieces.map(
          (args) =>
            new Promise<R>((resolve, reject) => {
              const job = { id: next++, module: task.module, name: task.name, args };
              queue.push({
                job,
                done: (result) => {
                  onDone?.(++done, pieces.length);
                  resolve(result as R);
                },
                failed: reject,
              });
              pump();
            }),
        ),
      );
      arguments_.bringBack();
      return results;
    } finally {
      if (sharedBytesMade() - tidied > MADE) {
        tidied = sharedBytesMade();
        for (const thread of idle) thread.postMessage(TIDY);
      }
      signal?.removeEventListener("abort", stop);
    }
  }
  return { workers, run, start, close };
}

import type { Executor, RunOptions, Task } from "@calwebb/array";
import type { RunNode } from "./node.js";

/** Pipelines whose further steps are being loaded. */
const loading = new WeakSet<RunNode>();

/** Load the bodies of steps of a pipeline, one after the other, once. Whoever runs one hears of a failure. */
export async function loadSteps(pipeline: RunNode, from = 0): Promise<void> {
  if (loading.has(pipeline)) return;
  loading.add(pipeline);
  for (const child of Object.values(pipeline.children).slice(from))
    if (child.params["skip"] !== true) await child.step.load().catch(() => undefined);
}

/** An executor for a step of a pipeline: while its workers are busy for the first time, the code of the following steps is loaded. */
export function loadingAhead(executor: Executor, node: RunNode): Executor {
  const { parent } = node;
  if (parent === undefined || executor.workers < 2) return executor;
  return {
    ...executor,
    run<A, R>(task: Task<A, R>, pieces: readonly A[], options?: RunOptions): Promise<R[]> {
      const running = executor.run(task, pieces, options);
      void loadSteps(parent, Object.values(parent.children).indexOf(node) + 1);
      return running;
    },
  };
}

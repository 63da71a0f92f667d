import type { Executor, RunOptions, Task } from "@calwebb/array";
import type { RunNode } from "./node.js";

/** Pipelines whose further steps are being loaded. */
const loading = new WeakSet<RunNode>();

/** Load the bodies of the steps that follow in the pipeline, one after the other. Whoever runs one hears of a failure. */
async function loadFollowing(node: RunNode, pipeline: RunNode): Promise<void> {
  const steps = Object.values(pipeline.children);
  for (const child of steps.slice(steps.indexOf(node) + 1)) {
    if (child.params["skip"] !== true) await child.step.load().catch(() => undefined);
  }
}

/** An executor for a step of a pipeline: while its workers are busy for the first time, the code of the following steps is loaded. */
export function loadingAhead(executor: Executor, node: RunNode): Executor {
  const { parent } = node;
  if (parent === undefined || executor.workers < 2) return executor;
  return {
    ...executor,
    run<A, R>(task: Task<A, R>, pieces: readonly A[], options?: RunOptions): Promise<R[]> {
      const running = executor.run(task, pieces, options);
      if (!loading.has(parent)) {
        loading.add(parent);
        void loadFollowing(node, parent);
      }
      return running;
    },
  };
}

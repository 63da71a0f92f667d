import { defineTask, type Executor, instantiate, type Task } from "@calwebb/array";
import { detectWasm } from "../generated/detect.wasm.js";
import { scanWasm } from "../generated/scan.wasm.js";
// A worker that has loaded this module has loaded the kernels.
import "./detect-range.js";
import "./snowballs.js";

/** Compile what the pieces of work need. */
export function prepare(): void {
  for (const wasm of [detectWasm, scanWasm]) instantiate(wasm);
}

/** {@link prepare} for the executor. */
export const prepareTask: Task<null, void> = defineTask(import.meta.url, "prepare", prepare);

/** Let all workers load the kernels, for instance while the main thread reads. */
export async function prepareWorkers(executor: Executor | undefined): Promise<void> {
  if (executor === undefined || executor.workers <= 1) return;
  await executor.run(prepareTask, new Array<null>(executor.workers).fill(null));
}

import { parentPort } from "node:worker_threads";
import { garbageCollector } from "../gc.js";
import { type Answer, type Job, packError, TIDY } from "./message.js";

const port = parentPort;
if (!port) throw new Error("this module runs in a worker thread only");

const collectGarbage = garbageCollector();

port.on("message", async (message: Job | typeof TIDY) => {
  // Views of shared memory are small here: without this, they would keep what the main thread has long let go of.
  if (message === TIDY) return collectGarbage();
  const { id, module, name, args } = message;
  let answer: Answer;
  try {
    const found = ((await import(module)) as Record<string, unknown>)[name];
    const fn = typeof found === "function" ? found : (found as { fn?: unknown } | undefined)?.fn;
    if (typeof fn !== "function") throw new Error(`${module} exports no function ${name}`);
    answer = { id, result: await (fn as (a: unknown) => unknown)(args) };
  } catch (error) {
    answer = { id, error: packError(error) };
  }
  port.postMessage(answer);
});

import { parentPort } from "node:worker_threads";
import { type Answer, type Job, packError } from "./message.js";

const port = parentPort;
if (!port) throw new Error("this module runs in a worker thread only");

port.on("message", async ({ id, module, name, args }: Job) => {
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

import { parentPort } from "node:worker_threads";
import { garbageCollector } from "../gc.js";
import { type Answer, type Job, packError, TIDY } from "./message.js";

const port = parentPort;
if (!port) throw new Error("this module runs in a worker thread only");

const collectGarbage = garbageCollector();

/** How long there has to be no work before memory is let go of [ms]. */
const QUIET = 5;
/** How often it may be put off. */
const PATIENCE = 3;
let asked = 0;
let timer: NodeJS.Timeout | undefined;

// Views of shared memory are small here: without this, they would keep what the main thread has long let go of.
function tidy(): void {
  clearTimeout(timer);
  asked = 0;
  collectGarbage();
}

/** The next work often follows at once and must not wait for this. */
function tidySoon(): void {
  clearTimeout(timer);
  timer = setTimeout(tidy, QUIET);
}

async function work({ id, module, name, args }: Job): Promise<Answer> {
  try {
    const found = ((await import(module)) as Record<string, unknown>)[name];
    const fn = typeof found === "function" ? found : (found as { fn?: unknown } | undefined)?.fn;
    if (typeof fn !== "function") throw new Error(`${module} exports no function ${name}`);
    return { id, result: await (fn as (a: unknown) => unknown)(args) };
  } catch (error) {
    return { id, error: packError(error) };
  }
}

/** Work is done one piece after the other, in the order in which it comes. */
let before: Promise<void> = Promise.resolve();
port.on("message", (message: Job | typeof TIDY) => {
  if (message === TIDY) {
    if (++asked < PATIENCE) tidySoon();
    else tidy();
    return;
  }
  before = before.then(async () => {
    clearTimeout(timer);
    port.postMessage(await work(message));
    if (asked > 0) tidySoon();
  });
});

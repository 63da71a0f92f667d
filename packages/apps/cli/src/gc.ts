import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Make the garbage collector callable as `gc()`. Large arrays lie outside the heap, where their size does not move the collector to
 * act; a run that has to keep to an amount of memory calls it between pieces.
 */
export function exposeGarbageCollector(): void {
  const place = globalThis as { gc?: () => void };
  if (place.gc !== undefined) return;
  setFlagsFromString("--expose-gc");
  place.gc = runInNewContext("gc") as () => void;
}

import type { RunEvent } from "@calwebb/stpipe";
import type { Surroundings } from "../surroundings.js";

export interface ProgressDisplay {
  onEvent(event: RunEvent): void;
  /** Take the bar away. */
  end(): void;
}

const nothing: ProgressDisplay = { onEvent() {}, end() {} };
const WIDTH = 24;

/** One line on the terminal that says which step runs and how far it is; nothing when the output is no terminal. */
export function progressDisplay(
  surroundings: Surroundings,
  wanted: boolean,
  now: () => number = Date.now,
): ProgressDisplay {
  if (!wanted || !surroundings.isTerminal) return nothing;
  let shown = false;
  let last = 0;
  const clear = (): void => {
    if (shown) surroundings.err("\r\x1b[K");
    shown = false;
  };
  return {
    onEvent(event) {
      if (event.type !== "progress") {
        clear();
        return;
      }
      const { done, total, step, label } = event;
      const t = now();
      if (done < total && t - last < 100) return;
      last = t;
      const part = total > 0 ? Math.min(1, done / total) : 0;
      const full = Math.round(part * WIDTH);
      const bar = "#".repeat(full) + ".".repeat(WIDTH - full);
      const line = `${step}${label && label !== step ? ` ${label}` : ""} [${bar}] ${Math.round(part * 100)}%`;
      surroundings.err(`\r\x1b[K${line.slice(0, Math.max(10, surroundings.columns - 1))}`);
      shown = true;
    },
    end: clear,
  };
}

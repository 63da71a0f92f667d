import type { Surroundings } from "../surroundings.js";

export interface Bar {
  show(event: { label: string; done: number; total: number }): void;
  clear(): void;
}

const WIDTH = 24;

/** How far long work is, on a terminal; nothing where the output is none. The first second shows nothing. */
export function progressBar(surroundings: Surroundings, now: () => number = Date.now): Bar {
  if (!surroundings.isTerminal) return { show() {}, clear() {} };
  const start = now();
  let last = start + 900;
  let shown = false;
  return {
    show({ label, done, total }) {
      const t = now();
      if (t - last < 100) return;
      last = t;
      const part = total > 0 ? Math.min(1, done / total) : 0;
      const full = Math.round(part * WIDTH);
      const line = `${label} [${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${Math.round(part * 100)}%`;
      surroundings.err(`\r\x1b[K${line.slice(0, Math.max(10, surroundings.columns - 1))}`);
      shown = true;
    },
    clear() {
      if (shown) surroundings.err("\r\x1b[K");
      shown = false;
    },
  };
}

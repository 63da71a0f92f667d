import type { Labels } from "./label.js";
import type { Runs } from "./runs.js";

/**
 * Area of region `r` with its holes filled. A hole is background that cannot be left to the outside by steps to any of the
 * eight neighbours.
 */
export function filledArea(runs: Runs, labels: Labels, r: number): number {
  const { ymin, ymax, xmin, xmax } = labels;
  const width = xmax[r] - xmin[r] + 3;
  const height = ymax[r] - ymin[r] + 3;
  // A hole needs a ring around it.
  if (width < 5 || height < 5) return labels.area[r];
  const box = width * height;
  const seen = new Uint8Array(box);
  for (let i = labels.first[r]; i >= 0; i = labels.next[i]) {
    const base = (runs.row[i] - ymin[r] + 1) * width - xmin[r] + 1;
    seen.fill(1, base + runs.from[i], base + runs.to[i]);
  }
  const stack = new Int32Array(box);
  let top = 1;
  seen[0] = 1;
  let outside = 1;
  while (top > 0) {
    const p = stack[--top];
    const y = (p / width) | 0;
    const x = p - y * width;
    for (let dy = y > 0 ? -1 : 0; dy <= (y < height - 1 ? 1 : 0); dy++)
      for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
        const q = p + dy * width + dx;
        if (seen[q] !== 0) continue;
        seen[q] = 1;
        outside++;
        stack[top++] = q;
      }
  }
  return box - outside;
}

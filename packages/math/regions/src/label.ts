import type { Runs } from "./runs.js";

/** Connected regions 0 .. count-1 in the order of their first pixel; one value per region unless said otherwise. */
export interface Labels {
  count: number;
  area: Int32Array;
  /** Bounding box, inclusive. */
  ymin: Int32Array;
  ymax: Int32Array;
  xmin: Int32Array;
  xmax: Int32Array;
  /** First run of each region. */
  first: Int32Array;
  /** Per run: the region's next run in row order, -1 after the last. */
  next: Int32Array;
}

function find(parent: Int32Array, i: number): number {
  while (parent[i] !== i) {
    parent[i] = parent[parent[i]];
    i = parent[i];
  }
  return i;
}

/** Join runs of neighbouring rows that touch; roots are the first runs of their regions. */
function join(runs: Runs): Int32Array {
  const { row, from, to, count } = runs;
  const parent = new Int32Array(count);
  let above = 0;
  let aboveEnd = 0;
  for (let i = 0; i < count; ) {
    const y = row[i];
    let end = i;
    while (end < count && row[end] === y) end++;
    const touching = aboveEnd > above && row[above] === y - 1;
    let j = above;
    for (let k = i; k < end; k++) {
      parent[k] = k;
      if (!touching) continue;
      while (j < aboveEnd && to[j] < from[k]) j++;
      for (let m = j; m < aboveEnd && from[m] <= to[k]; m++) {
        const a = find(parent, m);
        const b = find(parent, k);
        if (a < b) parent[b] = a;
        else parent[a] = b;
      }
    }
    above = i;
    aboveEnd = end;
    i = end;
  }
  return parent;
}

/** Regions of pixels that touch by an edge or a corner. */
export function labelRuns(runs: Runs): Labels {
  const { row, from, to } = runs;
  const parent = join(runs);
  const label = new Int32Array(runs.count);
  let count = 0;
  for (let i = 0; i < runs.count; i++) label[i] = parent[i] === i ? count++ : label[find(parent, i)];
  const plane = (): Int32Array => new Int32Array(count);
  const out: Labels = {
    count,
    area: plane(),
    ymin: plane(),
    ymax: plane(),
    xmin: plane(),
    xmax: plane(),
    first: plane().fill(-1),
    next: new Int32Array(runs.count).fill(-1),
  };
  const last = plane();
  for (let i = 0; i < runs.count; i++) {
    const r = label[i];
    const end = to[i] - 1;
    out.area[r] += to[i] - from[i];
    out.ymax[r] = row[i];
    if (out.first[r] < 0) {
      out.first[r] = i;
      out.ymin[r] = row[i];
      out.xmin[r] = from[i];
      out.xmax[r] = end;
    } else {
      out.next[last[r]] = i;
      if (from[i] < out.xmin[r]) out.xmin[r] = from[i];
      if (end > out.xmax[r]) out.xmax[r] = end;
    }
    last[r] = i;
  }
  return out;
}

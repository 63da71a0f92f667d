/**
 * Nearest points on a grid. Where several are equally far, which of them count as the nearest depends on how the tree is built and searched; this one
 * (balanced, split at the median of the widest axis; best cells first) visits points in the order of scipy's `cKDTree`.
 */
export interface PointTree {
  y: ArrayLike<number>;
  x: ArrayLike<number>;
  /** Points in the order of the leaves. */
  order: Int32Array;
  root: TreeNode;
}

interface TreeNode {
  /** Axis of the split, 0 for y, 1 for x; -1 in a leaf. */
  axis: number;
  split: number;
  less: TreeNode | null;
  greater: TreeNode | null;
  start: number;
  end: number;
}

const LEAF = 10;

type Less = (a: number, b: number) => boolean;

function swap(a: Int32Array, i: number, j: number): void {
  const t = a[i];
  a[i] = a[j];
  a[j] = t;
}

/** Put the median of three elements first. */
function medianToFirst(o: Int32Array, to: number, a: number, b: number, c: number, less: Less): void {
  if (less(o[a], o[b])) swap(o, to, less(o[b], o[c]) ? b : less(o[a], o[c]) ? c : a);
  else swap(o, to, less(o[a], o[c]) ? a : less(o[b], o[c]) ? c : b);
}

/** Partial sort: element `nth` gets its place, smaller ones before it (quickselect with the median of three). */
function selectNth(o: Int32Array, from: number, nth: number, to: number, less: Less): void {
  let first = from;
  let last = to;
  while (last - first > 3) {
    medianToFirst(o, first, first + 1, first + ((last - first) >> 1), last - 1, less);
    const pivot = o[first];
    let i = first + 1;
    let j = last;
    for (;;) {
      while (less(o[i], pivot)) i++;
      j--;
      while (less(pivot, o[j])) j--;
      if (i >= j) break;
      swap(o, i, j);
      i++;
    }
    if (i <= nth) first = i;
    else last = i;
  }
  for (let i = first + 1; i < last; i++) for (let j = i; j > first && less(o[j], o[j - 1]); j--) swap(o, j, j - 1);
}

/** Move elements that pass the test to the front; gives how far they reach. */
function partition(o: Int32Array, from: number, to: number, test: (a: number) => boolean): number {
  let first = from;
  let last = to;
  for (;;) {
    while (first !== last && test(o[first])) first++;
    if (first === last) return first;
    last--;
    while (first !== last && !test(o[last])) last--;
    if (first === last) return first;
    swap(o, first, last);
    first++;
  }
}

/** Build a tree of points. */
export function buildTree(y: ArrayLike<number>, x: ArrayLike<number>): PointTree {
  const order = Int32Array.from({ length: y.length }, (_, i) => i);
  const leaf = (start: number, end: number): TreeNode => ({
    axis: -1,
    split: 0,
    less: null,
    greater: null,
    start,
    end,
  });
  const build = (start: number, end: number): TreeNode => {
    if (end - start <= LEAF) return leaf(start, end);
    const extent = (c: ArrayLike<number>): number => {
      let low = c[order[start]];
      let high = low;
      for (let i = start + 1; i < end; i++) {
        low = Math.min(low, c[order[i]]);
        high = Math.max(high, c[order[i]]);
      }
      return high - low;
    };
    const ey = extent(y);
    const ex = extent(x);
    const axis = ex > ey ? 1 : 0;
    if (Math.max(ey, ex) === 0) return leaf(start, end);
    const c = axis === 0 ? y : x;
    const less: Less = (a, b) => c[a] < c[b];
    const middle = start + ((end - start) >> 1);
    selectNth(order, start, middle, end, less);
    let split = c[order[middle]];
    let p = partition(order, start, end, (a) => c[a] < split);
    if (p === start) {
      // Nothing is below the median: take the lowest value to the left.
      const lowest = split;
      split = lowest + Math.max(Math.abs(lowest), 1) * Number.EPSILON;
      p = partition(order, start, end, (a) => c[a] < split);
    }
    return { axis, split, less: build(start, p), greater: build(p, end), start, end };
  };
  return { y, x, order, root: build(0, y.length) };
}

/** A binary heap with the smallest key on top. */
class Heap<T> {
  private readonly keys: number[] = [];
  private readonly items: T[] = [];

  get size(): number {
    return this.keys.length;
  }

  get top(): number {
    return this.keys[0];
  }

  push(key: number, item: T): void {
    let i = this.keys.push(key) - 1;
    this.items.push(item);
    while (i > 0 && this.keys[i] < this.keys[(i - 1) >> 1]) {
      this.exchange(i, (i - 1) >> 1);
      i = (i - 1) >> 1;
    }
  }

  pop(): [number, T] {
    const { keys } = this;
    const n = keys.length - 1;
    this.exchange(0, n);
    const key = keys.pop() as number;
    const item = this.items.pop() as T;
    for (let i = 0; ; ) {
      const j = 2 * i + 1;
      const k = j + 1;
      if (!((j < n && keys[i] > keys[j]) || (k < n && keys[i] > keys[k]))) break;
      const next = k < n && keys[j] > keys[k] ? k : j;
      this.exchange(next, i);
      i = next;
    }
    return [key, item];
  }

  private exchange(i: number, j: number): void {
    const { keys, items } = this;
    const key = keys[i];
    keys[i] = keys[j];
    keys[j] = key;
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
}

interface Cell {
  node: TreeNode;
  /** Squared distances to the cell: along both axes. */
  dy: number;
  dx: number;
}

const outside = (c: ArrayLike<number>, at: number): number => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < c.length; i++) {
    low = Math.min(low, c[i]);
    high = Math.max(high, c[i]);
  }
  return Math.max(0, low - at, at - high) ** 2;
};

/** The `count` points nearest to (y, x), fewer if there are not as many: index and squared distance, nearest first. */
export function nearestPoints(tree: PointTree, y: number, x: number, count: number): { index: number; d2: number }[] {
  const found = new Heap<number>();
  const cells = new Heap<Cell>();
  let bound = Number.POSITIVE_INFINITY;
  let cell: Cell = { node: tree.root, dy: outside(tree.y, y), dx: outside(tree.x, x) };
  let distance = cell.dy + cell.dx;
  for (;;) {
    const { node } = cell;
    if (node.axis < 0) {
      for (let i = node.start; i < node.end; i++) {
        const p = tree.order[i];
        const d = (tree.y[p] - y) ** 2 + (tree.x[p] - x) ** 2;
        if (!(d < bound)) continue;
        if (found.size === count) found.pop();
        found.push(-d, p);
        if (found.size === count) bound = -found.top;
      }
      if (cells.size === 0) break;
      [distance, cell] = cells.pop();
      continue;
    }
    if (distance > bound) break;
    const at = node.axis === 0 ? y : x;
    const side = (node.split - at) ** 2;
    const far: Cell = { ...cell, node: (at < node.split ? node.greater : node.less) as TreeNode };
    if (node.axis === 0) far.dy = side;
    else far.dx = side;
    cell = { ...cell, node: (at < node.split ? node.less : node.greater) as TreeNode };
    const farDistance = far.dy + far.dx;
    if (farDistance < distance) {
      if (distance <= bound) cells.push(distance, cell);
      cell = far;
      distance = farDistance;
    } else if (farDistance <= bound) cells.push(farDistance, far);
  }
  const out: { index: number; d2: number }[] = [];
  while (found.size > 0) {
    const [key, index] = found.pop();
    out.push({ index, d2: -key });
  }
  return out.reverse();
}

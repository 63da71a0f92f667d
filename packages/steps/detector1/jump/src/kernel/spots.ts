import { group } from "@calwebb/dqflags";

const { DO_NOT_USE, SATURATED, JUMP_DET } = group;
const BAD = DO_NOT_USE | SATURATED;

/** Jumps that flag their neighbours: the plane (integration and group) and the pixel of each. */
export interface Spots {
  readonly plane: Int32Array;
  readonly pixel: Int32Array;
}

/** Spots that come one by one. */
export class SpotList {
  private plane: Int32Array = new Int32Array(1024);
  private pixel: Int32Array = new Int32Array(1024);
  private n = 0;

  push(plane: number, pixel: number): void {
    this.reserve(1);
    this.plane[this.n] = plane;
    this.pixel[this.n++] = pixel;
  }

  /** Add spots of a tile whose rows are `row` pixels apart and begin at pixel `from`. */
  pushTile(places: Int32Array, count: number, row: number, from: number): void {
    this.reserve(count);
    const { plane, pixel } = this;
    let n = this.n;
    for (let i = 0; i < count; i++, n++) {
      const place = places[i];
      const s = (place / row) | 0;
      plane[n] = s;
      pixel[n] = place - s * row + from;
    }
    this.n = n;
  }

  /** What came so far, without a copy. */
  spots(): Spots {
    return { plane: this.plane.subarray(0, this.n), pixel: this.pixel.subarray(0, this.n) };
  }

  /** A copy of what came so far, as long as that. */
  take(): Spots {
    return { plane: this.plane.slice(0, this.n), pixel: this.pixel.slice(0, this.n) };
  }

  private reserve(more: number): void {
    if (this.n + more <= this.plane.length) return;
    const longer = (old: Int32Array): Int32Array => {
      const out = new Int32Array(Math.max(2 * old.length, this.n + more));
      out.set(old);
      return out;
    };
    this.plane = longer(this.plane);
    this.pixel = longer(this.pixel);
  }
}

/** Spots that are handled in one go: functions that return soon are optimised soon. */
const CHUNK = 1024;

function mark(groupdq: Uint8Array, at: number): void {
  if ((groupdq[at] & BAD) === 0) groupdq[at] |= JUMP_DET;
}

/**
 * Flag the four neighbours of jumps in the same group, in place, unless they are saturated or unusable.
 * @param groupdq - (planes, nrows, ncols)
 * @param start, end - pixels that may be flagged
 * @returns the spots that have neighbours in the image, but outside those pixels
 */
export function flagNeighbours(
  groupdq: Uint8Array,
  spots: Spots,
  nrows: number,
  ncols: number,
  start = 0,
  end: number = nrows * ncols,
): Spots {
  const { plane, pixel } = spots;
  const outside = new SpotList();
  for (let i = 0; i < plane.length; i += CHUNK) {
    const to = Math.min(plane.length, i + CHUNK);
    flagSome(groupdq, plane.subarray(i, to), pixel.subarray(i, to), nrows, ncols, start, end, outside);
  }
  return outside.take();
}

function flagSome(
  groupdq: Uint8Array,
  plane: Int32Array,
  pixel: Int32Array,
  nrows: number,
  ncols: number,
  start: number,
  end: number,
  outside: SpotList,
): void {
  const npix = nrows * ncols;
  for (let i = 0; i < plane.length; i++) {
    const p = pixel[i];
    const x = p % ncols;
    const base = plane[i] * npix;
    if (p - ncols >= start && p + ncols < end && x > 0 && x < ncols - 1) {
      const at = base + p;
      mark(groupdq, at - ncols);
      mark(groupdq, at + ncols);
      mark(groupdq, at - 1);
      mark(groupdq, at + 1);
    } else if (!flagAtEdge(groupdq, base, p, x, npix, ncols, start, end)) outside.push(plane[i], p);
  }
}

/** The same for a spot at the edge of the image or of the range; false when a neighbour is outside of the range. */
function flagAtEdge(
  groupdq: Uint8Array,
  base: number,
  p: number,
  x: number,
  npix: number,
  ncols: number,
  start: number,
  end: number,
): boolean {
  let whole = true;
  for (let side = 0; side < 4; side++) {
    if ((side === 2 && x === 0) || (side === 3 && x === ncols - 1)) continue;
    const q = side === 0 ? p - ncols : side === 1 ? p + ncols : side === 2 ? p - 1 : p + 1;
    if (q < 0 || q >= npix) continue;
    if (q >= start && q < end) mark(groupdq, base + q);
    else whole = false;
  }
  return whole;
}

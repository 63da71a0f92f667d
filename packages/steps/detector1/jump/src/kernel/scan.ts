import { ensureMemory, instantiate } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { Runs } from "@calwebb/regions";
import { scanWasm } from "../generated/scan.wasm.js";

const { SATURATED, JUMP_DET } = group;

/**
 * Runs of the pixels of a plane that have a bit and did not have it in another plane.
 * @param bytes - flags
 * @param plane - start of the plane in `bytes`
 * @param other - start of the other plane; -1: none
 * @param runs - receives the runs; cleared first
 */
export function scanPlane(
  bytes: Uint8Array,
  plane: number,
  other: number,
  nrows: number,
  ncols: number,
  bit: number,
  runs: Runs,
): void {
  runs.clear();
  for (let y = 0, p = plane; y < nrows; y++)
    for (let x = 0; x < ncols; x++, p++) {
      if ((bytes[p] & bit) === 0) continue;
      if (other < 0 || (bytes[other + p - plane] & bit) === 0) runs.add(y, x);
    }
}

/** Bytes of a plane that are scanned together. */
const BLOCK = 1 << 16;
/** What the kernel may read beyond a block. */
const BEYOND = 16;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  scan(...args: number[]): number;
}

/** The SIMD kernel: blocks of whole rows of three planes, and the runs of one of them. */
class Blocks {
  readonly rows: number;
  private readonly kernel: Kernel;
  private readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array];
  private readonly none: Uint8Array;
  private readonly runs: readonly [Int32Array, Int32Array, Int32Array];

  constructor(kernel: Kernel, nrows: number, ncols: number) {
    this.kernel = kernel;
    this.rows = Math.max(1, Math.min(nrows, Math.floor(BLOCK / ncols)));
    const size = Math.ceil((this.rows * ncols + BEYOND) / 16) * 16;
    const most = this.rows * Math.ceil(ncols / 2);
    const start = 1024;
    ensureMemory(kernel.memory, start + 4 * size + 12 * most);
    const { buffer } = kernel.memory;
    const plane = (i: number): Uint8Array => new Uint8Array(buffer, start + i * size, size);
    const list = (i: number): Int32Array => new Int32Array(buffer, start + 4 * size + 4 * i * most, most);
    this.planes = [plane(0), plane(1), plane(2)];
    this.none = plane(3);
    this.runs = [list(0), list(1), list(2)];
  }

  load(i: 0 | 1 | 2, bytes: Uint8Array, from: number, to: number): void {
    this.planes[i].set(bytes.subarray(from, to));
  }

  /** Add the runs of plane `i` that are not in the one before it (`fresh`) to `out`. */
  scan(i: 0 | 1 | 2, fresh: boolean, rows: number, ncols: number, first: number, bit: number, out: Runs): void {
    const { kernel, planes, none, runs } = this;
    const other = fresh ? planes[i - 1] : none;
    const [row, from, to] = runs;
    const at = [row.byteOffset, from.byteOffset, to.byteOffset] as const;
    const count = kernel.scan(planes[i].byteOffset, other.byteOffset, rows, ncols, first, bit, ...at);
    out.append(row, from, to, count);
  }
}

/** What a search for snowballs looks at in one group of a stack of flags. */
export class GroupScan {
  /** Pixels that are saturated in the group and were not in the one before; in the next group and not in this one. */
  readonly now: Runs = new Runs();
  readonly next: Runs = new Runs();
  readonly jumps: Runs = new Runs();
  private readonly groupdq: Uint8Array;
  private readonly nrows: number;
  private readonly ncols: number;
  private readonly blocks: Blocks | undefined;

  /** @param simd - false: without the SIMD kernel; the runs are the same */
  constructor(groupdq: Uint8Array, nrows: number, ncols: number, simd = true) {
    this.groupdq = groupdq;
    this.nrows = nrows;
    this.ncols = ncols;
    const kernel = simd ? instantiate<Kernel>(scanWasm) : undefined;
    this.blocks = kernel && new Blocks(kernel, nrows, ncols);
  }

  /**
   * @param plane - start of the group
   * @param saturated - whether saturated pixels are wanted
   * @param next - whether there is a next group
   */
  read(plane: number, saturated: boolean, next: boolean): void {
    const { groupdq, nrows, ncols, blocks, now, jumps } = this;
    const npix = nrows * ncols;
    const later = this.next;
    if (blocks === undefined) {
      for (const runs of [now, later]) runs.clear();
      if (saturated) scanPlane(groupdq, plane, plane - npix, nrows, ncols, SATURATED, now);
      if (saturated && next) scanPlane(groupdq, plane + npix, plane, nrows, ncols, SATURATED, later);
      scanPlane(groupdq, plane, -1, nrows, ncols, JUMP_DET, jumps);
      return;
    }
    for (const runs of [now, later, jumps]) runs.clear();
    for (let y = 0; y < nrows; y += blocks.rows) {
      const rows = Math.min(blocks.rows, nrows - y);
      const from = plane + y * ncols;
      const to = from + rows * ncols;
      blocks.load(1, groupdq, from, to);
      blocks.scan(1, false, rows, ncols, y, JUMP_DET, jumps);
      if (!saturated) continue;
      blocks.load(0, groupdq, from - npix, to - npix);
      blocks.scan(1, true, rows, ncols, y, SATURATED, now);
      if (!next) continue;
      blocks.load(2, groupdq, from + npix, to + npix);
      blocks.scan(2, true, rows, ncols, y, SATURATED, later);
    }
  }
}

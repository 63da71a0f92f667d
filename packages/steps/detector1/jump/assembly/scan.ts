// What src/kernel/scan.ts does pixel by pixel, 16 at a time. Memory is laid out by the caller; offsets are in bytes.

/** Where the next run goes: three i32 arrays. */
let rowAt: usize;
let fromAt: usize;
let toAt: usize;

function emit(y: i32, from: i32, to: i32): void {
  store<i32>(rowAt, y);
  store<i32>(fromAt, from);
  store<i32>(toAt, to);
  rowAt += 4;
  fromAt += 4;
  toAt += 4;
}

/**
 * Runs of pixels in whole rows that have a bit and do not have it in another plane.
 * @param plane - flags, one byte each; 16 bytes beyond the last row may be read
 * @param other - flags of the other plane
 * @param first - number of the first row
 * @param row, from, to - i32 arrays, receive the runs
 * @returns the number of runs
 */
export function scan(
  plane: usize,
  other: usize,
  rows: i32,
  ncols: i32,
  first: i32,
  bit: i32,
  row: usize,
  from: usize,
  to: usize,
): i32 {
  rowAt = row;
  fromAt = from;
  toAt = to;
  const wanted = i8x16.splat(<i8>bit);
  const zero = i8x16.splat(0);
  for (let r = 0; r < rows; r++) {
    const y = first + r;
    const base = <usize>r * <usize>ncols;
    let open = -1;
    let x = 0;
    while (x < ncols) {
      const p = plane + base + <usize>x;
      if (open < 0 && x + 64 <= ncols) {
        const all = v128.or(v128.or(v128.load(p), v128.load(p, 16)), v128.or(v128.load(p, 32), v128.load(p, 48)));
        if (!v128.any_true(v128.and(all, wanted))) {
          x += 64;
          continue;
        }
      }
      const v = v128.and(v128.andnot(v128.load(p), v128.load(other + base + <usize>x)), wanted);
      let bits = i8x16.bitmask(i8x16.ne(v, zero));
      const left = ncols - x;
      if (left < 16) bits &= (1 << left) - 1;
      if (open >= 0) {
        const end = ctz(~bits);
        if (end < 16) {
          emit(y, open, x + end);
          open = -1;
          bits &= ~((1 << end) - 1);
        } else bits = 0;
      }
      while (bits !== 0) {
        const start = ctz(bits);
        const end = start + ctz(~(bits >> start));
        if (end < 16) emit(y, x + start, x + end);
        else open = x + start;
        bits &= ~((1 << end) - 1);
      }
      x += 16;
    }
    if (open >= 0) emit(y, open, ncols);
  }
  return <i32>((rowAt - row) >> 2);
}

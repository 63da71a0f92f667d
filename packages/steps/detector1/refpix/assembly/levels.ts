// Levels of columns and rows subtracted from rows of pixels, two at a time and rounded as src/kernel/levels.ts does. Memory is
// laid out by the caller; offsets are in bytes.

function widen(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

function narrow(v: v128): v128 {
  return f32x4.demote_f64x2_zero(v);
}

function round(v: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(v));
}

/**
 * Subtract the level of the column, then that of the row, or the other way round.
 * @param data - f32 rows of `nx` pixels, changed in place
 * @param columns - f64 levels of the `nx` columns; @param rows - f64 levels of the rows
 * @param from, to - columns that are changed
 * @param rowFirst - not 0: the level of the row comes first
 * @param single - not 0: round to float32 in between
 */
export function subtract(
  data: usize,
  nx: i32,
  ny: i32,
  columns: usize,
  rows: usize,
  from: i32,
  to: i32,
  rowFirst: i32,
  single: i32,
): void {
  for (let y = 0; y < ny; y++) {
    const row = data + ((<usize>(y * nx)) << 2);
    const level = rows + ((<usize>y) << 3);
    let x = from;
    for (; x + 4 <= to; x += 4) four(row + ((<usize>x) << 2), columns + ((<usize>x) << 3), level, rowFirst, single);
    for (; x < to; x++) one(row + ((<usize>x) << 2), columns + ((<usize>x) << 3), level, rowFirst, single);
  }
}

function four(p: usize, column: usize, row: usize, rowFirst: i32, single: i32): void {
  const r = v128.load64_splat(row);
  const c = v128.load(column);
  const c2 = v128.load(column, 16);
  let v = f64x2.sub(widen(p), rowFirst ? r : c);
  let w = f64x2.sub(widen(p + 8), rowFirst ? r : c2);
  if (single) {
    v = round(v);
    w = round(w);
  }
  v128.store64_lane(p, narrow(f64x2.sub(v, rowFirst ? c : r)), 0);
  v128.store64_lane(p, narrow(f64x2.sub(w, rowFirst ? c2 : r)), 0, 8);
}

function one(p: usize, column: usize, row: usize, rowFirst: i32, single: i32): void {
  const r = load<f64>(row);
  const c = load<f64>(column);
  let v = <f64>load<f32>(p) - (rowFirst ? r : c);
  if (single) v = <f64>(<f32>v);
  store<f32>(p, <f32>(v - (rowFirst ? c : r)));
}

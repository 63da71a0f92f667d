// Levels of columns and rows subtracted from rows of pixels, two at a time and rounded as src/kernel/levels.ts does. Memory is
// laid out by the caller; offsets are in bytes.

function widen(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
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
    if (rowFirst)
      for (; x + 4 <= to; x += 4) rowThenColumn(row + ((<usize>x) << 2), columns + ((<usize>x) << 3), level, single);
    else if (single)
      for (; x + 4 <= to; x += 4) columnThenRow32(row + ((<usize>x) << 2), columns + ((<usize>x) << 3), level);
    else for (; x + 4 <= to; x += 4) columnThenRow(row + ((<usize>x) << 2), columns + ((<usize>x) << 3), level);
    for (; x < to; x++) one(row + ((<usize>x) << 2), columns + ((<usize>x) << 3), level, rowFirst, single);
  }
}

function put(p: usize, v: v128, w: v128): void {
  v128.store64_lane(p, f32x4.demote_f64x2_zero(v), 0);
  v128.store64_lane(p, f32x4.demote_f64x2_zero(w), 0, 8);
}

function columnThenRow(p: usize, column: usize, row: usize): void {
  const r = v128.load64_splat(row);
  const v = f64x2.sub(f64x2.sub(widen(p), v128.load(column)), r);
  const w = f64x2.sub(f64x2.sub(widen(p + 8), v128.load(column, 16)), r);
  put(p, v, w);
}

function columnThenRow32(p: usize, column: usize, row: usize): void {
  const r = v128.load64_splat(row);
  const v = f64x2.sub(round(f64x2.sub(widen(p), v128.load(column))), r);
  const w = f64x2.sub(round(f64x2.sub(widen(p + 8), v128.load(column, 16))), r);
  put(p, v, w);
}

function rowThenColumn(p: usize, column: usize, row: usize, single: i32): void {
  const r = v128.load64_splat(row);
  let v = f64x2.sub(widen(p), r);
  let w = f64x2.sub(widen(p + 8), r);
  if (single) {
    v = round(v);
    w = round(w);
  }
  put(p, f64x2.sub(v, v128.load(column)), f64x2.sub(w, v128.load(column, 16)));
}

function one(p: usize, column: usize, row: usize, rowFirst: i32, single: i32): void {
  const r = load<f64>(row);
  const c = load<f64>(column);
  let v = <f64>load<f32>(p) - (rowFirst ? r : c);
  if (single) v = <f64>(<f32>v);
  store<f32>(p, <f32>(v - (rowFirst ? c : r)));
}

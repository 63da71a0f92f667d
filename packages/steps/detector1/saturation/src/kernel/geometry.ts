/** Hard limit of the 16-bit converter [DN]; thresholds of unchecked pixels are put above it. */
export const CONVERTER_LIMIT = 65535;

/** The threshold of a pixel that is not checked [DN]. */
export const OUT_OF_REACH: number = CONVERTER_LIMIT + 1;

/** Where the rows to look at lie in a plane: row k of the geometry is row `rows[k]` of the plane. */
export interface Geometry {
  nx: number;
  rows: Int32Array;
}

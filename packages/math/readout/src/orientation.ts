/**
 * The detector frame of a science-frame plane, as strides: element (row, column) of the detector frame is at
 * `offset + row * rowStride + column * columnStride` of the plane. In the detector frame the fast direction runs along the
 * columns, increasing.
 */
export interface DetectorFrame {
  rows: number;
  columns: number;
  rowStride: number;
  columnStride: number;
  offset: number;
}

/**
 * Strides that read a science-frame plane in detector orientation; nothing is copied.
 * @param ny - rows of the plane
 * @param nx - columns of the plane
 * @param fastaxis - FASTAXIS: 1 or 2 (the science axis of the fast direction), negative when it runs backwards
 * @param slowaxis - SLOWAXIS, likewise
 */
export function detectorFrame(ny: number, nx: number, fastaxis: number, slowaxis: number): DetectorFrame {
  const along = Math.abs(fastaxis) === 1;
  const rows = along ? ny : nx;
  const columns = along ? nx : ny;
  const rowStep = along ? nx : 1;
  const columnStep = along ? 1 : nx;
  const backRows = slowaxis < 0;
  const backColumns = fastaxis < 0;
  return {
    rows,
    columns,
    rowStride: backRows ? -rowStep : rowStep,
    columnStride: backColumns ? -columnStep : columnStep,
    offset: (backRows ? (rows - 1) * rowStep : 0) + (backColumns ? (columns - 1) * columnStep : 0),
  };
}

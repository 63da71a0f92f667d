import { type DetectorFrame, detectorFrame } from "@calwebb/readout";

/** Rows and columns of a near-infrared detector, reference pixels included. */
export const DETECTOR_SIZE = 2048;

/** Where the planes of an exposure lie on the detector. */
export interface Placement {
  /** Rows and columns of a plane, science frame. */
  ny: number;
  nx: number;
  /** First row and column on the full detector, science frame, 0-based. */
  y0: number;
  x0: number;
  fastaxis: number;
  slowaxis: number;
}

/** A plane in the detector frame, with its place on the full detector. */
export interface PlacedFrame extends DetectorFrame {
  /** First row and column on the full detector, detector frame. */
  firstRow: number;
  firstColumn: number;
}

/** The detector frame of planes that are part of a detector of `size` rows and columns (the plane's own size: full frame). */
export function placedFrame(p: Placement, sizeY: number = DETECTOR_SIZE, sizeX: number = DETECTOR_SIZE): PlacedFrame {
  const along = Math.abs(p.fastaxis) === 1;
  const y = (back: boolean): number => (back ? sizeY - (p.y0 + p.ny) : p.y0);
  const x = (back: boolean): number => (back ? sizeX - (p.x0 + p.nx) : p.x0);
  return {
    ...detectorFrame(p.ny, p.nx, p.fastaxis, p.slowaxis),
    firstRow: along ? y(p.slowaxis < 0) : x(p.slowaxis < 0),
    firstColumn: along ? x(p.fastaxis < 0) : y(p.fastaxis < 0),
  };
}

/** Position in the plane of a pixel of the full detector (detector frame), -1 outside the plane. */
export function positionOf(frame: PlacedFrame, row: number, column: number): number {
  const r = row - frame.firstRow;
  const c = column - frame.firstColumn;
  if (r < 0 || c < 0 || r >= frame.rows || c >= frame.columns) return -1;
  return frame.offset + r * frame.rowStride + c * frame.columnStride;
}

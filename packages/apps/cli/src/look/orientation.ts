import type { Header } from "@calwebb/fits";
import { calcRotationMatrix } from "@calwebb/wcs";
import { keyword } from "./plane.js";

/** Unit vectors on the image (x to the right, y up) that point north and east. */
export interface Orientation {
  north: readonly [number, number];
  east: readonly [number, number];
}

type Matrix = readonly [number, number, number, number];
const RAD = Math.PI / 180;

/** Degrees east and north per pixel: CD matrix, PC matrix with CDELT, or the roll of the telescope. */
function skyMatrix(headers: readonly Header[]): Matrix | undefined {
  const value = (name: string): number | undefined => keyword(headers, name);
  const cd = ["CD1_1", "CD1_2", "CD2_1", "CD2_2"].map(value);
  if (cd.some((v) => v !== undefined)) return cd.map((v) => v ?? 0) as unknown as Matrix;
  const pc = ["PC1_1", "PC1_2", "PC2_1", "PC2_2"].map(value);
  if (pc.some((v) => v !== undefined)) {
    const [dx, dy] = [value("CDELT1") ?? 1, value("CDELT2") ?? 1];
    const [a, b, c, d] = pc.map((v, i) => v ?? (i === 0 || i === 3 ? 1 : 0));
    return [a * dx, b * dx, c * dy, d * dy];
  }
  const [roll, angle, parity] = ["ROLL_REF", "V3I_YANG", "VPARITY"].map(value);
  if (roll === undefined || angle === undefined || (parity !== 1 && parity !== -1)) return undefined;
  return calcRotationMatrix(roll * RAD, angle * RAD, parity);
}

/** Where north and east are on an image; undefined when its headers do not say. */
export function orientationOf(headers: readonly Header[]): Orientation | undefined {
  const ctype = headers.map((h) => h.get("CTYPE1")).find((v) => typeof v === "string");
  if (typeof ctype === "string" && ctype !== "" && !/^RA/.test(ctype)) return undefined;
  const matrix = skyMatrix(headers);
  if (matrix === undefined) return undefined;
  const [a, b, c, d] = matrix;
  const determinant = a * d - b * c;
  if (!(Math.abs(determinant) > 0)) return undefined;
  const unit = (x: number, y: number): readonly [number, number] => {
    const length = Math.hypot(x, y) * Math.sign(determinant);
    return [x / length, y / length];
  };
  // Columns of the inverse: what moves a pixel east, and north.
  return { east: unit(d, -c), north: unit(-b, a) };
}

import { FitsFormatError, UsageError } from "@calwebb/errors";
import type { FitsFile, Hdu, Header, ImageHdu } from "@calwebb/fits";

/** One plane of an image or a cube. */
export interface Plane {
  hdu: ImageHdu;
  /** Number of the plane among all planes of the HDU. */
  index: number;
  width: number;
  height: number;
  data: Float32Array;
}

const isImage = (hdu: Hdu): hdu is ImageHdu => hdu.kind === "image" || hdu.kind === "primary";
const hasPixels = (hdu: Hdu): hdu is ImageHdu => isImage(hdu) && hdu.shape.length >= 2 && hdu.size > 0;

/**
 * The HDU to look at: the named one (`SCI`, `SCI,2`), else SCI, else the first image.
 * @throws {UsageError} when the name is not that of an image
 * @throws {FitsFormatError} when the file has no image
 */
export function findImage(file: FitsFile, ext: string | undefined): ImageHdu {
  const images = file.hdus.filter(hasPixels);
  const names = images.map((h) => (h.name || "PRIMARY") + (h.version > 1 ? `,${h.version}` : "")).join(", ");
  if (images.length === 0) throw new FitsFormatError(`${file.name} has no image`, { file: file.name });
  const [name, version] = (ext ?? "SCI").split(",");
  const found = images.find(
    (h) => (h.name || "PRIMARY") === name.toUpperCase() && (version === undefined || h.version === Number(version)),
  );
  if (found) return found;
  if (ext === undefined) return images[0];
  throw new UsageError(`${file.name} has no image ${ext}; it has ${names}`, { got: ext, wanted: names });
}

/** Number of a plane from `3` or, counting each leading axis, `1,3`. @throws {UsageError} when there is no such plane */
export function planeNumber(text: string | undefined, leading: readonly number[]): number {
  const planes = leading.reduce((a, b) => a * b, 1);
  if (text === undefined) return 0;
  const numbers = text.split(",").map((t) => (/^\d+$/.test(t.trim()) ? Number(t) : Number.NaN));
  let index = numbers[0];
  if (numbers.length > 1) {
    const fits = numbers.length === leading.length && numbers.every((n, i) => n < leading[i]);
    index = fits ? numbers.reduce((at, n, i) => at * leading[i] + n, 0) : Number.NaN;
  }
  if (index < planes) return index;
  const shape = leading.length > 0 ? leading.join(" x ") : "1";
  throw new UsageError(`--plane: there is no plane ${text}; there are ${shape}, counted from 0`, { got: text });
}

/** Read one plane as float32; only its bytes are read. */
export async function readPlane(hdu: ImageHdu, text: string | undefined): Promise<Plane> {
  const [height, width] = hdu.shape.slice(-2);
  const index = planeNumber(text, hdu.shape.slice(0, -2));
  const data = new Float32Array(width * height);
  await hdu.readInto(data, index * data.length);
  return { hdu, index, width, height, data };
}

/** The flags that belong to a plane: of the same plane where every plane has its own. @throws {UsageError} when there are none */
export async function readFlags(file: FitsFile, plane: Plane): Promise<Uint32Array> {
  const size = plane.width * plane.height;
  for (const name of ["DQ", "PIXELDQ"]) {
    const hdu = file.find(name);
    if (hdu === undefined || !isImage(hdu)) continue;
    const [height, width] = hdu.shape.slice(-2);
    if (height !== plane.height || width !== plane.width) continue;
    const flags = new Uint32Array(size);
    await hdu.readInto(flags, hdu.size === plane.hdu.size ? plane.index * size : 0);
    return flags;
  }
  throw new UsageError(`--dq: ${file.name} has no DQ that fits the image`, { where: "dq" });
}

/** A number of the first header that has it. */
export function keyword(headers: readonly Header[], name: string): number | undefined {
  for (const header of headers) {
    const value = header.get(name);
    if (typeof value === "number" && Number.isFinite(value)) return value;
  }
  return undefined;
}

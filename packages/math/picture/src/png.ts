import { zlibSync } from "fflate";

/** An 8-bit picture with a palette. */
export interface PngImage {
  width: number;
  height: number;
  /** Palette index of each pixel, top row first. */
  pixels: Uint8Array;
  /** Up to 256 colours, [r, g, b] each. */
  palette: Uint8Array;
}

const CRC_TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = CRC_TABLE[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** length, type, data, CRC of type and data (PNG specification, section 5.3). */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

/** A whole file of one picture: header, palette if there is one, rows of bytes that are not filtered. */
function encode(
  width: number,
  height: number,
  colourType: 2 | 3,
  palette: Uint8Array | null,
  bytes: Uint8Array,
): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  header[9] = colourType;
  const length = colourType === 2 ? 3 * width : width;
  const rows = new Uint8Array(height * (length + 1));
  for (let y = 0; y < height; y++) rows.set(bytes.subarray(y * length, (y + 1) * length), y * (length + 1) + 1);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    ...(palette === null ? [] : [chunk("PLTE", palette)]),
    chunk("IDAT", zlibSync(rows, { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ];
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * Encode a palette picture as PNG (ISO/IEC 15948).
 * @throws {RangeError} when the number of pixels is not width x height
 */
export function encodePng({ width, height, pixels, palette }: PngImage): Uint8Array {
  if (pixels.length !== width * height) throw new RangeError(`${pixels.length} pixels for ${width} x ${height}`);
  return encode(width, height, 3, palette, pixels);
}

/**
 * Encode a picture in true colour as PNG.
 * @param rgb - [height][width][3], top row first
 * @throws {RangeError} when the number of bytes is not 3 x width x height
 */
export function encodeRgbPng(width: number, height: number, rgb: Uint8Array): Uint8Array {
  if (rgb.length !== 3 * width * height) throw new RangeError(`${rgb.length} bytes for ${width} x ${height} pixels`);
  return encode(width, height, 2, null, rgb);
}

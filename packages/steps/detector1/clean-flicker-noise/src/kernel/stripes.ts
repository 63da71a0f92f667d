import { median32 } from "@calwebb/stats";

/** Full size of the near infrared detectors, and of one of the four channels that read them. */
const FULL = 2048;
const CHANNEL = 512;

/**
 * Subtract the median of the background along one axis of an image, line by line.
 * @param mask - 1 where a pixel is background; lines without any keep their values
 * @param alongRows - medians of rows (over columns) instead of columns
 * @param byChannel - separately for the four channels of a full frame, which divide the axis of the median
 * @returns a new image, float32
 */
export function subtractStripes(
  image: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  alongRows: boolean,
  byChannel: boolean,
): Float32Array {
  const out = new Float32Array(image.length);
  const length = alongRows ? nx : ny;
  const lines = alongRows ? ny : nx;
  const step = alongRows ? 1 : nx;
  const lineStep = alongRows ? nx : 1;
  const size = byChannel && length === FULL ? CHANNEL : length;
  const values = new Float32Array(size);
  for (let line = 0; line < lines; line++)
    for (let from = 0; from < length; from += size) {
      const base = line * lineStep + from * step;
      let n = 0;
      for (let i = 0, p = base; i < size; i++, p += step) if (mask[p] !== 0) values[n++] = image[p];
      const stripe = n === 0 ? 0 : median32(values, n);
      for (let i = 0, p = base; i < size; i++, p += step) out[p] = image[p] - stripe;
    }
  return out;
}

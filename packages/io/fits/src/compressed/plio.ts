// IRAF line lists, section 10.4.3 of the FITS standard 4.0.

/**
 * Decode a tile of a pixel mask.
 * @param words - the line list, 16-bit words in native order
 * @returns the pixels; undefined when the list is damaged
 */
export function decodePlio(words: Int16Array, pixels: number): Int32Array | undefined {
  const out = new Int32Array(pixels);
  if (words.length < 3) return undefined;
  const old = words[2] > 0;
  if (!old && words.length < 5) return undefined;
  const length = old ? words[2] : (words[4] << 15) + words[3];
  const first = old ? 3 : words[1];
  if (length > words.length || first < 3) return undefined;
  let value = 1;
  let x = 0;
  for (let ip = first; ip < length && x < pixels; ip++) {
    const word = words[ip] & 0xffff;
    const data = word & 0xfff;
    switch (word >> 12) {
      case 0:
        x += data;
        break;
      case 1:
        value = ((words[++ip] & 0xffff) << 12) + data;
        break;
      case 2:
        value += data;
        break;
      case 3:
        value -= data;
        break;
      case 4:
        out.fill(value, x, Math.min(pixels, x + data));
        x += data;
        break;
      case 5:
        x += data;
        if (data > 0 && x <= pixels) out[x - 1] = value;
        break;
      case 6:
        value += data;
        out[x++] = value;
        break;
      case 7:
        value -= data;
        out[x++] = value;
        break;
      default:
        return undefined;
    }
  }
  return out;
}

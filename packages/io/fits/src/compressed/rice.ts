// Rice coding as in White & Becker's program, section 10.4.1 of the FITS standard 4.0.

/** Parameters by bytes per pixel: bits of the split number, its value for incompressible blocks, bits of a pixel. */
const MODES: Readonly<Record<number, { fsbits: number; fsmax: number; bits: number }>> = {
  1: { fsbits: 3, fsmax: 6, bits: 8 },
  2: { fsbits: 4, fsmax: 14, bits: 16 },
  4: { fsbits: 5, fsmax: 25, bits: 32 },
};

/**
 * Decode a tile.
 * @param bytePix - bytes per pixel of the coder: 1, 2 or 4
 * @param block - pixels per block, usually 32
 * @returns the pixels as 32-bit integers (to be cut to `bytePix` bytes); undefined when the code is damaged or cut short
 */
export function decodeRice(code: Uint8Array, pixels: number, block: number, bytePix: number): Int32Array | undefined {
  const { fsbits, fsmax, bits } = MODES[bytePix];
  const end = code.length;
  if (end < bytePix + 1 && pixels > 0) return undefined;
  const out = new Int32Array(pixels);
  let last = 0;
  let at = 0;
  while (at < bytePix) last = (last << 8) | code[at++];
  let b = code[at++];
  let nbits = 8;
  for (let i = 0; i < pixels; ) {
    nbits -= fsbits;
    while (nbits < 0) {
      if (at >= end) return undefined;
      b = (b << 8) | code[at++];
      nbits += 8;
    }
    const fs = (b >>> nbits) - 1;
    b &= (1 << nbits) - 1;
    const stop = Math.min(i + block, pixels);
    if (fs < 0) {
      while (i < stop) out[i++] = last;
    } else if (fs === fsmax) {
      if (at + Math.ceil((bits * (stop - i) - nbits) / 8) > end) return undefined;
      for (; i < stop; i++) {
        let k = bits - nbits;
        let diff = b << k;
        for (k -= 8; k >= 0; k -= 8) {
          b = code[at++];
          diff |= b << k;
        }
        if (nbits > 0) {
          b = code[at++];
          diff |= b >>> -k;
          b &= (1 << nbits) - 1;
        } else b = 0;
        last = (last + ((diff >>> 1) ^ -(diff & 1))) | 0;
        out[i] = last;
      }
    } else if (fs > fsmax) return undefined;
    else {
      for (; i < stop; i++) {
        while (b === 0) {
          if (at >= end) return undefined;
          nbits += 8;
          b = code[at++];
        }
        const zeros = Math.clz32(b) - (32 - nbits);
        nbits -= zeros + 1;
        b ^= 1 << nbits;
        nbits -= fs;
        while (nbits < 0) {
          if (at >= end) return undefined;
          b = (b << 8) | code[at++];
          nbits += 8;
        }
        const diff = (zeros << fs) | (b >>> nbits);
        b &= (1 << nbits) - 1;
        last = (last + ((diff >>> 1) ^ -(diff & 1))) | 0;
        out[i] = last;
      }
    }
  }
  return out;
}

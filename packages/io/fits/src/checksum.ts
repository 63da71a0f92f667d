/**
 * Ones-complement sum of big-endian 32-bit words, going on from `sum`; bytes that do not fill a word count as if zeros followed.
 * Pieces of a longer run must have lengths that are multiples of 4, except the last.
 */
export function addChecksum(bytes: Uint8Array, sum = 0): number {
  let high = sum >>> 16;
  let low = sum & 0xffff;
  const whole = bytes.length & ~3;
  // 2^14 words add less than 2^30 to each half.
  for (let start = 0; start < whole; start += 1 << 16) {
    const end = Math.min(whole, start + (1 << 16));
    for (let i = start; i < end; i += 4) {
      high += (bytes[i] << 8) | bytes[i + 1];
      low += (bytes[i + 2] << 8) | bytes[i + 3];
    }
    while (high > 0xffff || low > 0xffff) {
      const carry = low >>> 16;
      const wrap = high >>> 16;
      low = (low & 0xffff) + wrap;
      high = (high & 0xffff) + carry;
    }
  }
  if (whole < bytes.length) {
    const last = new Uint8Array(4);
    last.set(bytes.subarray(whole));
    return addChecksum(last, ((high << 16) | low) >>> 0);
  }
  return ((high << 16) | low) >>> 0;
}

/** Characters between digits and letters, and between upper and lower case, are not allowed. */
const excluded = (c: number): boolean => (c >= 0x3a && c <= 0x40) || (c >= 0x5b && c <= 0x60);

/** The CHECKSUM string that makes the sum of an HDU zero, from the sum of the HDU with a CHECKSUM of sixteen zeros. */
export function encodeChecksum(sum: number): string {
  const value = ~sum >>> 0;
  const out = new Array<number>(16);
  for (let i = 0; i < 4; i++) {
    const byte = (value >>> (24 - 8 * i)) & 0xff;
    const quotient = (byte >> 2) + 48;
    const c = [quotient + (byte & 3), quotient, quotient, quotient];
    for (let again = true; again; ) {
      again = false;
      for (const j of [0, 2])
        while (excluded(c[j]) || excluded(c[j + 1])) {
          c[j]++;
          c[j + 1]--;
          again = true;
        }
    }
    for (let j = 0; j < 4; j++) out[(4 * j + i + 1) % 16] = c[j];
  }
  return String.fromCharCode(...out);
}

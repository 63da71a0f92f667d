/**
 * LZ4 as ASDF stores it: pieces, each a big-endian u32 with the number of bytes that follow, a little-endian u32 with the expanded
 * size, and one LZ4 block.
 */
const PIECE = 1 << 22;

function expandBlock(input: Uint8Array, out: Uint8Array, start: number, end: number): void {
  const n = input.length;
  let i = 0;
  let o = start;
  while (i < n) {
    const token = input[i++];
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (i >= n) throw new RangeError("lz4: a length runs over the end of the data");
        more = input[i++];
        literals += more;
      }
    }
    if (i + literals > n || o + literals > end) throw new RangeError("lz4: literals run over the end of the data");
    out.set(input.subarray(i, i + literals), o);
    i += literals;
    o += literals;
    if (i === n) break;
    if (i + 2 > n) throw new RangeError("lz4: the data end inside a match");
    const distance = input[i] | (input[i + 1] << 8);
    i += 2;
    let length = (token & 15) + 4;
    if ((token & 15) === 15) {
      let more = 255;
      while (more === 255) {
        if (i >= n) throw new RangeError("lz4: a length runs over the end of the data");
        more = input[i++];
        length += more;
      }
    }
    if (distance === 0 || distance > o - start)
      throw new RangeError("lz4: a match points before the start of the data");
    if (o + length > end) throw new RangeError("lz4: the data expand to more than their header gives");
    // A match may overlap itself, so bytes are copied one after the other.
    for (let k = 0; k < length; k++, o++) out[o] = out[o - distance];
  }
  if (o !== end) throw new RangeError(`lz4: a piece expands to ${o - start} bytes, its header gives ${end - start}`);
}

/** Expand LZ4 pieces to exactly `size` bytes. */
export function unlz4(data: Uint8Array, size: number): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const out = new Uint8Array(size);
  let o = 0;
  for (let i = 0; i < data.length; ) {
    if (i + 8 > data.length) throw new RangeError("lz4: the data end inside the header of a piece");
    const stored = view.getUint32(i, false);
    const expanded = view.getUint32(i + 4, true);
    if (stored < 4 || i + 4 + stored > data.length)
      throw new RangeError(`lz4: a piece of ${stored} bytes does not fit`);
    if (o + expanded > size)
      throw new RangeError(`lz4: the data expand to more than the ${size} bytes of the block header`);
    expandBlock(data.subarray(i + 8, i + 4 + stored), out, o, o + expanded);
    o += expanded;
    i += 4 + stored;
  }
  if (o !== size) throw new RangeError(`lz4: the data expand to ${o} bytes, the block header gives ${size}`);
  return out;
}

const HASH_BITS = 14;
const MIN_MATCH = 4;
/** The format wants the last five bytes as literals and no match to start in the last twelve. */
const LAST_LITERALS = 5;
const MATCH_LIMIT = 12;

/** Compress one block greedily into `out`; returns the number of bytes written. `out` has room for the worst case. */
function compressBlock(src: Uint8Array, out: Uint8Array, at: number): number {
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  const n = src.length;
  let o = at;
  let anchor = 0;
  const length = (rest: number): void => {
    for (; rest >= 255; rest -= 255) out[o++] = 255;
    out[o++] = rest;
  };
  const literals = (end: number, matchCode: number): void => {
    const count = end - anchor;
    out[o++] = (Math.min(count, 15) << 4) | matchCode;
    if (count >= 15) length(count - 15);
    out.set(src.subarray(anchor, end), o);
    o += count;
  };
  let i = 0;
  while (i < n - MATCH_LIMIT) {
    const word = src[i] | (src[i + 1] << 8) | (src[i + 2] << 16) | (src[i + 3] << 24);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const ref = table[hash];
    table[hash] = i;
    if (
      ref < 0 ||
      i - ref > 0xffff ||
      src[ref] !== src[i] ||
      src[ref + 1] !== src[i + 1] ||
      src[ref + 2] !== src[i + 2] ||
      src[ref + 3] !== src[i + 3]
    ) {
      // Longer steps through data that do not compress.
      i += 1 + ((i - anchor) >> 6);
      continue;
    }
    let end = i + MIN_MATCH;
    let from = ref + MIN_MATCH;
    while (end < n - LAST_LITERALS && src[end] === src[from]) {
      end++;
      from++;
    }
    const extra = end - i - MIN_MATCH;
    literals(i, Math.min(extra, 15));
    const distance = i - ref;
    out[o++] = distance & 255;
    out[o++] = distance >> 8;
    if (extra >= 15) length(extra - 15);
    i = end;
    anchor = end;
  }
  literals(n, 0);
  return o - at;
}

export function lz4(data: Uint8Array): Uint8Array {
  const pieces = Math.ceil(data.length / PIECE);
  const out = new Uint8Array(data.length + Math.ceil(data.length / 255) + pieces * 32 + 16);
  const view = new DataView(out.buffer);
  let o = 0;
  for (let at = 0; at < data.length; at += PIECE) {
    const piece = data.subarray(at, at + PIECE);
    const stored = compressBlock(piece, out, o + 8);
    view.setUint32(o, stored + 4, false);
    view.setUint32(o + 4, piece.length, true);
    o += 8 + stored;
  }
  return out.subarray(0, o);
}

import { IoError } from "@calwebb/errors";
import { tooLarge } from "./limit.js";

// RFC 1951 (DEFLATE) and RFC 1952 (gzip).
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DIST_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DIST_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const MAX_BITS = 15;

/** Decoding table of a prefix code: entry for the next 15 bits = symbol * 16 + length; 0 where no code matches. */
function table(lengths: Uint8Array): Uint16Array {
  const count = new Uint16Array(MAX_BITS + 1);
  for (const l of lengths) count[l]++;
  count[0] = 0;
  const next = new Uint32Array(MAX_BITS + 2);
  for (let i = 1; i <= MAX_BITS; i++) next[i + 1] = (next[i] + count[i]) << 1;
  const out = new Uint16Array(1 << MAX_BITS);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length === 0) continue;
    const value = next[length]++;
    if (value >= 1 << length) throw new Error("oversubscribed code");
    let reversed = 0;
    for (let b = 0; b < length; b++) if (value & (1 << b)) reversed |= 1 << (length - 1 - b);
    for (let i = reversed; i < out.length; i += 1 << length) out[i] = symbol * 16 + length;
  }
  return out;
}

let fixed: { literals: Uint16Array; distances: Uint16Array } | undefined;
function fixedTables(): { literals: Uint16Array; distances: Uint16Array } {
  if (fixed === undefined) {
    const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
    fixed = { literals: table(lengths), distances: table(new Uint8Array(30).fill(5)) };
  }
  return fixed;
}

class Inflater {
  readonly input: Uint8Array;
  pos: number;
  private bits = 0;
  private held = 0;
  out: Uint8Array;
  length = 0;
  private readonly limit: number;

  constructor(input: Uint8Array, pos: number, guess: number, limit: number) {
    this.input = input;
    this.pos = pos;
    this.limit = limit;
    this.out = new Uint8Array(Math.min(guess, limit));
  }

  /** Room for `more` bytes; false when that exceeds the limit. */
  private grow(more: number): void {
    const need = this.length + more;
    if (need <= this.out.length) return;
    if (need > this.limit) throw new LimitReached();
    const larger = new Uint8Array(Math.min(this.limit, Math.max(need, this.out.length * 2, 1024)));
    larger.set(this.out.subarray(0, this.length));
    this.out = larger;
  }

  private need(n: number): void {
    while (this.held < n) {
      if (this.pos >= this.input.length) throw new Error("cut short");
      this.bits |= this.input[this.pos++] << this.held;
      this.held += 8;
    }
  }

  private take(n: number): number {
    if (n === 0) return 0;
    this.need(n);
    const value = this.bits & ((1 << n) - 1);
    this.bits >>>= n;
    this.held -= n;
    return value;
  }

  private symbol(codes: Uint16Array): number {
    while (this.held < MAX_BITS && this.pos < this.input.length) {
      this.bits |= this.input[this.pos++] << this.held;
      this.held += 8;
    }
    const entry = codes[this.bits & 0x7fff];
    const length = entry & 15;
    if (length === 0 || length > this.held) throw new Error(length === 0 ? "no such code" : "cut short");
    this.bits >>>= length;
    this.held -= length;
    return entry >> 4;
  }

  private stored(): void {
    this.bits >>>= this.held & 7;
    this.held -= this.held & 7;
    const n = this.take(16);
    if ((n ^ 0xffff) !== this.take(16)) throw new Error("damaged stored block");
    this.pos -= this.held >> 3;
    this.bits = 0;
    this.held = 0;
    if (this.pos + n > this.input.length) throw new Error("cut short");
    this.grow(n);
    this.out.set(this.input.subarray(this.pos, this.pos + n), this.length);
    this.length += n;
    this.pos += n;
  }

  private dynamicTables(): { literals: Uint16Array; distances: Uint16Array } {
    const nliteral = this.take(5) + 257;
    const ndistance = this.take(5) + 1;
    const ncode = this.take(4) + 4;
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < ncode; i++) codeLengths[ORDER[i]] = this.take(3);
    const codes = table(codeLengths);
    const lengths = new Uint8Array(nliteral + ndistance);
    for (let i = 0; i < lengths.length; ) {
      const symbol = this.symbol(codes);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw new Error("nothing to repeat");
      const value = symbol === 16 ? lengths[i - 1] : 0;
      const times = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (i + times > lengths.length) throw new Error("too many code lengths");
      lengths.fill(value, i, i + times);
      i += times;
    }
    return { literals: table(lengths.subarray(0, nliteral)), distances: table(lengths.subarray(nliteral)) };
  }

  private compressed({ literals, distances }: { literals: Uint16Array; distances: Uint16Array }): void {
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol < 256) {
        if (this.length === this.out.length) this.grow(1);
        this.out[this.length++] = symbol;
        continue;
      }
      if (symbol === 256) return;
      const k = symbol - 257;
      if (k >= 29) throw new Error("no such length");
      const n = LENGTH_BASE[k] + this.take(LENGTH_BITS[k]);
      const d = this.symbol(distances);
      if (d >= 30) throw new Error("no such distance");
      const distance = DIST_BASE[d] + this.take(DIST_BITS[d]);
      if (distance > this.length) throw new Error("distance before the start");
      this.grow(n);
      const { out } = this;
      let to = this.length;
      for (let from = to - distance, end = to + n; to < end; ) out[to++] = out[from++];
      this.length = to;
    }
  }

  /** Decode one DEFLATE stream; `pos` ends at the first byte after it. */
  run(): void {
    for (let last = false; !last; ) {
      last = this.take(1) === 1;
      const type = this.take(2);
      if (type === 0) this.stored();
      else if (type === 1) this.compressed(fixedTables());
      else if (type === 2) this.compressed(this.dynamicTables());
      else throw new Error("no such block type");
    }
    this.pos -= this.held >> 3;
    this.bits = 0;
    this.held = 0;
  }
}

class LimitReached extends Error {}

let crcTable: Uint32Array | undefined;
function crc32(bytes: Uint8Array, start: number, end: number): number {
  if (crcTable === undefined) {
    crcTable = new Uint32Array(256);
    for (let i = 0; i < 256; i++) {
      let c = i;
      for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
      crcTable[i] = c;
    }
  }
  let crc = -1;
  for (let i = start; i < end; i++) crc = crcTable[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** Position after the header of a gzip member that starts at `at`. */
function skipHeader(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b || bytes[at + 2] !== 8) throw new Error("no gzip header");
  const flags = bytes[at + 3];
  let pos = at + 10;
  if (flags & 4) pos += 2 + bytes[pos] + 256 * bytes[pos + 1];
  for (const bit of [8, 16])
    if (flags & bit) {
      const end = bytes.indexOf(0, pos);
      if (end < 0) throw new Error("cut short");
      pos = end + 1;
    }
  return flags & 2 ? pos + 2 : pos;
}

/** Decompress a gzip file (one member or several) without help of the platform; checks sizes and CRCs. */
export function gunzipPortable(bytes: Uint8Array, limit: number, name: string): Uint8Array {
  try {
    const word = (p: number) => (bytes[p] + 256 * bytes[p + 1] + 65536 * bytes[p + 2] + 16777216 * bytes[p + 3]) >>> 0;
    const inflater = new Inflater(bytes, 0, Math.max(1024, bytes.length * 3), limit);
    do {
      inflater.pos = skipHeader(bytes, inflater.pos);
      const start = inflater.length;
      inflater.run();
      const { pos, length, out } = inflater;
      if (pos + 8 > bytes.length) throw new Error("cut short");
      if (word(pos) !== crc32(out, start, length)) throw new Error("CRC differs");
      if (word(pos + 4) !== (length - start) % 2 ** 32) throw new Error("size differs");
      inflater.pos = pos + 8;
    } while (bytes[inflater.pos] === 0x1f && bytes[inflater.pos + 1] === 0x8b);
    return inflater.out.subarray(0, inflater.length);
  } catch (cause) {
    if (cause instanceof LimitReached) throw tooLarge(name, limit);
    throw new IoError(`cannot decompress ${name}: the gzip data is damaged or cut short; fetch the file again`, {
      file: name,
      cause,
    });
  }
}

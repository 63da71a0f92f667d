/** Bits of a byte array, most significant first. */
class Bits {
  private readonly data: Uint8Array;
  private at = 0;
  private held = 0;
  private count = 0;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  read(n: number): number {
    if (n > 16) return this.read(n - 16) * 65536 + this.read(16);
    while (this.count < n) {
      if (this.at >= this.data.length) throw new RangeError("bzip2: the data end too early");
      this.held = ((this.held << 8) | this.data[this.at++]) & 0xffffff;
      this.count += 8;
    }
    this.count -= n;
    return (this.held >>> this.count) & ((1 << n) - 1);
  }

  align(): void {
    this.count -= this.count % 8;
  }

  get atEnd(): boolean {
    return this.at >= this.data.length && this.count < 8;
  }
}

/** A Huffman code given by the lengths of its words. */
interface Code {
  /** Per length: largest word, and what to add to a word to get its place in `symbols`. */
  limit: Int32Array;
  base: Int32Array;
  symbols: Uint16Array;
  shortest: number;
}

const MAX_LENGTH = 20;

function makeCode(lengths: Uint8Array): Code {
  const counts = new Int32Array(MAX_LENGTH + 2);
  for (const l of lengths) counts[l]++;
  const symbols = new Uint16Array(lengths.length);
  let n = 0;
  for (let l = 1; l <= MAX_LENGTH; l++) for (let s = 0; s < lengths.length; s++) if (lengths[s] === l) symbols[n++] = s;
  const limit = new Int32Array(MAX_LENGTH + 1).fill(-1);
  const base = new Int32Array(MAX_LENGTH + 1);
  let word = 0;
  let place = 0;
  let shortest = MAX_LENGTH;
  for (let l = 1; l <= MAX_LENGTH; l++) {
    if (counts[l]) {
      if (l < shortest) shortest = l;
      base[l] = place - word;
      word += counts[l];
      place += counts[l];
      limit[l] = word - 1;
    }
    word <<= 1;
  }
  return { limit, base, symbols, shortest };
}

function readSymbol(bits: Bits, code: Code): number {
  let length = code.shortest;
  let word = bits.read(length);
  while (word > code.limit[length]) {
    if (++length > MAX_LENGTH) throw new RangeError("bzip2: a code word that does not exist");
    word = (word << 1) | bits.read(1);
  }
  const symbol = code.symbols[word + code.base[length]];
  if (symbol === undefined) throw new RangeError("bzip2: a code word that does not exist");
  return symbol;
}

/** The bytes in use, from their two-level bit map. */
function readAlphabet(bits: Bits): number[] {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (!(groups & (0x8000 >> i))) continue;
    const members = bits.read(16);
    for (let j = 0; j < 16; j++) if (members & (0x8000 >> j)) used.push(16 * i + j);
  }
  if (used.length === 0) throw new RangeError("bzip2: a block without symbols");
  return used;
}

function readCodes(bits: Bits, groups: number, size: number): Code[] {
  const codes: Code[] = [];
  for (let g = 0; g < groups; g++) {
    const lengths = new Uint8Array(size);
    let length = bits.read(5);
    for (let s = 0; s < size; s++) {
      for (;;) {
        if (length < 1 || length > MAX_LENGTH) throw new RangeError("bzip2: a code length out of range");
        if (!bits.read(1)) break;
        length += bits.read(1) ? -1 : 1;
      }
      lengths[s] = length;
    }
    codes.push(makeCode(lengths));
  }
  return codes;
}

function moveToFront(list: number[] | Uint8Array, index: number): number {
  const value = list[index];
  for (let i = index; i > 0; i--) list[i] = list[i - 1];
  list[0] = value;
  return value;
}

/** Decode the symbols of one block into `block`; returns how many. */
function readBlock(bits: Bits, block: Uint32Array): number {
  const alphabet = readAlphabet(bits);
  const groups = bits.read(3);
  const selectorCount = bits.read(15);
  if (groups < 2 || groups > 6 || selectorCount < 1) throw new RangeError("bzip2: a block with bad code tables");
  const order = Array.from({ length: groups }, (_, i) => i);
  const selectors = new Uint8Array(selectorCount);
  for (let i = 0; i < selectorCount; i++) {
    let j = 0;
    while (bits.read(1)) if (++j >= groups) throw new RangeError("bzip2: a selector out of range");
    selectors[i] = moveToFront(order, j);
  }
  const size = alphabet.length + 2;
  const codes = readCodes(bits, groups, size);
  const front = Uint8Array.from(alphabet);
  let n = 0;
  let run = 0;
  let weight = 1;
  for (let i = 0; ; i++) {
    const selector = Math.floor(i / 50);
    if (selector >= selectorCount) throw new RangeError("bzip2: a block without an end");
    const symbol = readSymbol(bits, codes[selectors[selector]]);
    if (symbol <= 1) {
      // Run length in bijective base two.
      run += weight << symbol;
      weight <<= 1;
      if (run > block.length) throw new RangeError("bzip2: a block longer than allowed");
      continue;
    }
    if (run) {
      if (n + run > block.length) throw new RangeError("bzip2: a block longer than allowed");
      block.fill(front[0], n, n + run);
      n += run;
      run = 0;
      weight = 1;
    }
    if (symbol === size - 1) return n;
    if (n >= block.length) throw new RangeError("bzip2: a block longer than allowed");
    block[n++] = moveToFront(front, symbol - 1);
  }
}

/** Expand bzip2 data to exactly `size` bytes. */
export function bunzip2(data: Uint8Array, size: number): Uint8Array {
  const bits = new Bits(data);
  // Grown as the data come: the header may promise more than there is.
  let out = new Uint8Array(Math.min(size, Math.max(1 << 16, data.length * 8)));
  let o = 0;
  const put = (byte: number, times: number): void => {
    if (o + times > size)
      throw new RangeError(`bzip2: the data expand to more than the ${size} bytes of the block header`);
    if (o + times > out.length) {
      const larger = new Uint8Array(Math.min(size, Math.max(out.length * 2, o + times)));
      larger.set(out);
      out = larger;
    }
    if (times === 1) out[o++] = byte;
    else {
      out.fill(byte, o, o + times);
      o += times;
    }
  };
  let block = new Uint32Array(0);
  do {
    if (bits.read(24) !== 0x425a68) throw new RangeError("bzip2: the data do not start with BZh");
    const level = bits.read(8) - 48;
    if (level < 1 || level > 9) throw new RangeError("bzip2: block size out of range");
    if (block.length < level * 100_000) block = new Uint32Array(level * 100_000);
    for (;;) {
      const magic = bits.read(24) * 2 ** 24 + bits.read(24);
      bits.read(32); // checksum: the ASDF block has its own
      if (magic === 0x177245385090) break;
      if (magic !== 0x314159265359) throw new RangeError("bzip2: neither a block nor the end where one is due");
      if (bits.read(1)) throw new RangeError("bzip2: randomised blocks (before version 0.9.5) are not supported");
      const origin = bits.read(24);
      const n = readBlock(bits, block);
      if (origin >= n) throw new RangeError("bzip2: the origin lies outside the block");
      unpermute(block, n, origin, put);
    }
    bits.align();
  } while (!bits.atEnd);
  if (o !== size) throw new RangeError(`bzip2: the data expand to ${o} bytes, the block header gives ${size}`);
  return out.length === size ? out : out.subarray(0, size);
}

/** Undo the Burrows-Wheeler transform and the first run-length coding. */
function unpermute(block: Uint32Array, n: number, origin: number, put: (byte: number, times: number) => void): void {
  const starts = new Uint32Array(257);
  for (let i = 0; i < n; i++) starts[(block[i] & 255) + 1]++;
  for (let i = 1; i < 257; i++) starts[i] += starts[i - 1];
  for (let i = 0; i < n; i++) block[starts[block[i] & 255]++] |= i << 8;
  let at = block[origin] >>> 8;
  let previous = -1;
  let repeats = 0;
  for (let i = 0; i < n; i++) {
    const entry = block[at];
    at = entry >>> 8;
    const byte = entry & 255;
    if (repeats === 4) {
      // After four equal bytes comes the number of further ones.
      if (byte) put(previous, byte);
      repeats = 0;
      previous = -1;
      continue;
    }
    repeats = byte === previous ? repeats + 1 : 1;
    previous = byte;
    put(byte, 1);
  }
}

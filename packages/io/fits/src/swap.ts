// FITS is big-endian and every platform this runs on is little-endian.

interface NodeBuffer {
  swap16(): unknown;
  swap32(): unknown;
  swap64(): unknown;
}
interface NodeBufferClass {
  from(buffer: ArrayBufferLike, offset: number, length: number): NodeBuffer;
}

/** Node's Buffer swaps in native code, five times faster than a loop; undefined in a browser. */
const HostBuffer = (globalThis as { Buffer?: NodeBufferClass }).Buffer;

/** Reverse the bytes of every element of `size` bytes, in place. The length must be a multiple of `size`. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  if (HostBuffer !== undefined) {
    const buffer = HostBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (size === 2) buffer.swap16();
    else if (size === 4) buffer.swap32();
    else buffer.swap64();
  } else swapPortable(bytes, size);
}

/** The same with plain loops. */
export function swapPortable(bytes: Uint8Array, size: number): void {
  if (bytes.byteOffset % 4 !== 0) swapUnaligned(bytes, size);
  else if (size === 2) {
    const whole = bytes.length >> 2;
    swap16(new Uint32Array(bytes.buffer, bytes.byteOffset, whole));
    swapUnaligned(bytes.subarray(whole * 4), 2);
  } else {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    if (size === 4) swap32(words);
    else swap64(words);
  }
}

function swap16(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) {
    const w = words[i];
    words[i] = ((w & 0x00ff00ff) << 8) | ((w >>> 8) & 0x00ff00ff);
  }
}

function reversed(w: number): number {
  return (w << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);
}

function swap32(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) words[i] = reversed(words[i]);
}

function swap64(words: Uint32Array): void {
  for (let i = 0; i + 1 < words.length; i += 2) {
    const low = words[i];
    words[i] = reversed(words[i + 1]);
    words[i + 1] = reversed(low);
  }
}

function swapUnaligned(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size)
    for (let i = at, j = at + size - 1; i < j; i++, j--) {
      const b = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = b;
    }
}

/** Add half the range of elements of `size` native bytes, in place: signed stored values become unsigned ones, and back. */
export function flipSign(bytes: Uint8Array, size: number): void {
  if (size === 1) for (let i = 0; i < bytes.length; i++) bytes[i] ^= 0x80;
  else if (size === 2) {
    if (bytes.byteOffset % 4 === 0) {
      const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
      for (let i = 0; i < words.length; i++) words[i] ^= 0x80008000;
      if (bytes.length % 4 !== 0) bytes[bytes.length - 1] ^= 0x80;
    } else for (let i = 1; i < bytes.length; i += 2) bytes[i] ^= 0x80;
  } else for (let i = size - 1; i < bytes.length; i += size) bytes[i] ^= 0x80;
}

/** The bytes of a typed array. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

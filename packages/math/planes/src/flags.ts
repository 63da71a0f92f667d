/** OR flags into others of the same length, elements [start, end), in place. */
export function addFlags(into: Uint32Array, flags: Uint32Array, start: number, end: number): void {
  // Signed words: unsigned ones beyond 2^31 would leave the range of small integers.
  const a = new Int32Array(into.buffer, into.byteOffset, into.length);
  const b = new Int32Array(flags.buffer, flags.byteOffset, flags.length);
  for (let i = start; i < end; i++) a[i] |= b[i];
}

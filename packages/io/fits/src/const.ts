/** Bytes in a FITS block. */
export const BLOCK = 2880;
/** Bytes in a card. */
export const CARD = 80;
/** Cards in a block. */
export const CARDS_PER_BLOCK: number = BLOCK / CARD;

/** Bytes moved at a time when data has to be converted on the way. */
export const CHUNK: number = 1 << 22;

/** `n` rounded up to whole blocks. */
export function padded(n: number): number {
  return Math.ceil(n / BLOCK) * BLOCK;
}

import { group } from "@calwebb/dqflags";

const { SATURATED, JUMP_DET } = group;

/** The same in each of the four bytes of a word. */
const FOUR = 0x01010101;
const SATURATED4 = SATURATED * FOUR;
const JUMP4 = JUMP_DET * FOUR;
/** From the bit of SATURATED to that of JUMP_DET. */
const TO_JUMP = JUMP_DET / SATURATED;

/** Flags as bytes, and as words of four where the memory is aligned. */
export interface Flags {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array | null;
}

export function flagsOf(bytes: Uint8Array): Flags {
  const words = bytes.byteOffset % 4 === 0 ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : null;
  return { bytes, words };
}

/** Changes flags [from, to). */
export type Mark = (flags: Flags, from: number, to: number) => void;

/** Flag jumps. */
export const markJump: Mark = ({ bytes, words }, from, to) => {
  let i = from;
  if (words !== null) {
    const end = to >>> 2;
    for (; i < to && i % 4 !== 0; i++) bytes[i] |= JUMP_DET;
    for (let w = i >>> 2; w < end; w++, i += 4) words[w] |= JUMP4;
  }
  for (; i < to; i++) bytes[i] |= JUMP_DET;
};

/** Flag jumps but where the pixel is saturated. */
export const markUnsaturated: Mark = ({ bytes, words }, from, to) => {
  let i = from;
  if (words !== null) {
    const end = to >>> 2;
    for (; i < to && i % 4 !== 0; i++) bytes[i] |= (~bytes[i] & SATURATED) * TO_JUMP;
    for (let w = i >>> 2; w < end; w++, i += 4) words[w] |= (~words[w] & SATURATED4) * TO_JUMP;
  }
  for (; i < to; i++) bytes[i] |= (~bytes[i] & SATURATED) * TO_JUMP;
};

/** Let SATURATED be the only flag. */
export const saturate: Mark = ({ bytes, words }, from, to) => {
  let i = from;
  if (words !== null) {
    const end = to >>> 2;
    for (; i < to && i % 4 !== 0; i++) bytes[i] = SATURATED;
    for (let w = i >>> 2; w < end; w++, i += 4) words[w] = SATURATED4;
  }
  for (; i < to; i++) bytes[i] = SATURATED;
};

/** Pixels of rows: run i covers columns [from[i], to[i]) of row[i]. */
export interface Rows {
  readonly row: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly count: number;
}

/** Change the flags of pixels in a plane whose rows have `ncols` columns, in place. */
export function markRows(flags: Flags, plane: number, ncols: number, rows: Rows, mark: Mark): void {
  const { row, from, to, count } = rows;
  for (let i = 0; i < count; i++) {
    const at = plane + row[i] * ncols;
    mark(flags, at + from[i], at + to[i]);
  }
}

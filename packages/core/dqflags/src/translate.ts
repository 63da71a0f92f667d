import { pixel } from "./generated/flags.js";

/** A row of a reference file's DQ_DEF table. */
export interface DqDefRow {
  /** Bit number in the file's own DQ array. */
  bit: number;
  /** Value of that bit (2 ** bit). */
  value: number;
  /** Mnemonic, spelled as in the master table. */
  name: string;
}

type Pair = readonly [value: number, flag: number];

const VALUES: Readonly<Record<string, number>> = pixel;

/**
 * Pairs [value in the file, master flag] of a DQ_DEF table. Names that the master table does not know are left out and
 * returned in `unknown`.
 */
export function dqTranslation(rows: readonly DqDefRow[]): { pairs: [number, number][]; unknown: string[] } {
  const pairs: [number, number][] = [];
  const unknown: string[] = [];
  for (const row of rows) {
    const master = VALUES[row.name.trim().toUpperCase()];
    if (master === undefined) unknown.push(row.name);
    else pairs.push([row.value >>> 0, master]);
  }
  return { pairs, unknown };
}

/**
 * Translate a reference file's DQ array to master flags, by name: each bit of the file's own table becomes the master bit
 * of the same mnemonic; bits without a row vanish.
 * @param dq - flags as the file stores them, any shape; not modified
 * @param rows - the file's DQ_DEF table; empty means that the array is already in master flags
 * @returns a new array of the same length, or `dq` itself when there is nothing to translate
 */
export function translateDq(dq: Uint32Array, rows: readonly DqDefRow[]): Uint32Array {
  if (rows.length === 0) return dq;
  const { pairs } = dqTranslation(rows);
  if (pairs.length === rows.length && pairs.every(([from, to]) => from === to) && !hasBitsOutside(dq, pairs)) return dq;
  const out = dq.slice();
  translateWords(out, 0, out.length, pairs);
  return out;
}

/**
 * As {@link translateDq}, in place.
 * @param next - gives the index of the next word that is not 0, from the given one on, or the length; default: looks at every word
 */
export function translateDqInPlace(dq: Uint32Array, rows: readonly DqDefRow[], next?: (from: number) => number): void {
  if (rows.length === 0) return;
  const { pairs } = dqTranslation(rows);
  const step = next === undefined ? dq.length : NEIGHBOURS;
  for (let at = next?.(0) ?? 0; at < dq.length; ) {
    const end = Math.min(dq.length, at + step);
    translateWords(dq, at, end, pairs);
    at = next?.(end) ?? end;
  }
}

/** Flagged pixels often lie together: so many words are looked at when one is found. */
const NEIGHBOURS = 16;

function translateWords(dq: Uint32Array, start: number, end: number, pairs: readonly Pair[]): void {
  let last = 0;
  let master = 0;
  for (let i = start; i < end; i++) {
    const word = dq[i];
    if (word === 0) continue;
    // Few different words follow each other.
    if (word !== last) {
      last = word;
      master = masterOf(word, pairs);
    }
    if (master !== word) dq[i] = master;
  }
}

function masterOf(word: number, pairs: readonly Pair[]): number {
  let master = 0;
  for (const [from, to] of pairs) if ((word & from) !== 0) master |= to;
  return master >>> 0;
}

function hasBitsOutside(dq: Uint32Array, pairs: readonly Pair[]): boolean {
  let known = 0;
  for (const [from] of pairs) known |= from;
  const unknown = ~known;
  for (let i = 0; i < dq.length; i++) if ((dq[i] & unknown) !== 0) return true;
  return false;
}

// FITS headers changed card by card, without the reader under test.
const CARD = 80;
const BLOCK = 2880;

const text = (bytes: Uint8Array, at: number, length = CARD): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("latin1");

interface HeaderAt {
  readonly start: number;
  /** Position of the END card. */
  readonly end: number;
}

/** The header whose EXTNAME is `name`; "PRIMARY" is the first. */
export function headerAt(bytes: Uint8Array, name: string): HeaderAt {
  for (let start = 0; start + CARD <= bytes.length; start += BLOCK) {
    const first = text(bytes, start, 9);
    if (first !== "SIMPLE  =" && first !== "XTENSION=") continue;
    let own = start === 0 ? "PRIMARY" : "";
    for (let at = start; at + CARD <= bytes.length; at += CARD) {
      const card = text(bytes, at);
      if (card.startsWith("EXTNAME =")) own = card.slice(10).split("'")[1].trim();
      if (!card.startsWith("END     ")) continue;
      if (own === name) return { start, end: at };
      break;
    }
  }
  throw new Error(`the file of the test has no HDU ${name}`);
}

/** Position of a card. */
export function cardAt(bytes: Uint8Array, hdu: string, keyword: string): number {
  const { start, end } = headerAt(bytes, hdu);
  for (let at = start; at < end; at += CARD) if (text(bytes, at, 8).trimEnd() === keyword) return at;
  throw new Error(`HDU ${hdu} of the test has no ${keyword}`);
}

/** A copy with another value in a card, written as it stands; undefined makes the card blank. */
export function patch(bytes: Uint8Array, hdu: string, changes: Record<string, string | undefined>): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (const [keyword, value] of Object.entries(changes)) {
    const card =
      value === undefined ? "" : `${keyword.padEnd(8)}= ${value.startsWith("'") ? value : value.padStart(20)}`;
    out.set(Buffer.from(card.padEnd(CARD), "latin1"), cardAt(bytes, hdu, keyword));
  }
  return out;
}

/** A copy with one bit turned over. */
export function flip(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[at] ^= 1 << bit;
  return out;
}

/** Cards as a header of whole blocks. */
export function header(...cards: string[]): Uint8Array {
  const body = [...cards, "END"].map((card) => card.padEnd(CARD)).join("");
  return Buffer.from(body.padEnd(Math.ceil(body.length / BLOCK) * BLOCK), "latin1");
}

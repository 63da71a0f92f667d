import { pixel } from "./generated/flags.js";

const VALUES: Readonly<Record<string, number>> = pixel;

/** Mnemonics set in a flag word, lowest bit first; unknown bits are left out. */
export function flagNames(value: number): string[] {
  const names: string[] = [];
  for (const [name, bit] of Object.entries(VALUES)) if (bit !== 0 && (value & bit) !== 0) names.push(name);
  return names;
}

/**
 * Bit mask from a number, or from a text as parameters give it: mnemonics or integers joined by `,`, `+` or `|`;
 * a leading `~` inverts.
 * @returns undefined for undefined, null, empty text and "None"
 * @throws {RangeError} for a mnemonic that is not in the flag table
 */
export function interpretFlags(flags: number | string | null | undefined): number | undefined {
  if (flags === null || flags === undefined) return undefined;
  if (typeof flags === "number") return flags >>> 0;
  let text = flags.trim();
  if (text === "" || text.toUpperCase() === "NONE" || text.toUpperCase() === "INDEF") return undefined;
  const invert = text.startsWith("~");
  if (invert)
    text = text
      .slice(1)
      .trim()
      .replace(/^\(|\)$/g, "");
  let mask = 0;
  for (const part of text.split(/[,+|]/).map((p) => p.trim())) {
    if (part === "") continue;
    if (/^\d+$/.test(part)) mask |= Number(part);
    else {
      const bit = VALUES[part.toUpperCase()];
      if (bit === undefined)
        throw new RangeError(`"${part}" is not a DQ flag; known flags: ${Object.keys(VALUES).join(", ")}`);
      mask |= bit;
    }
  }
  return (invert ? ~mask : mask) >>> 0;
}

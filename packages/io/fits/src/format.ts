import { ValidationError } from "@calwebb/errors";
import { CARD } from "./const.js";

/** A complex number, as a header value. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** A header value; undefined is a keyword without a value. */
export type HeaderValue = string | number | bigint | boolean | Complex | undefined;

/** How to write a number that JavaScript cannot tell apart: 1 is `1` as "int" and `1.0` as "float". */
export type NumberForm = "int" | "float";

export const COMMENTARY: ReadonlySet<string> = new Set(["", "COMMENT", "HISTORY"]);

/**
 * A float64 in the spelling of Python's `repr` with a capital E, cut to 20 characters: `1.0`, `1E-05`, `1.5E+16`.
 * Both languages print the shortest digits that read back as the same number; they differ in when an exponent is used.
 */
export function formatFloat(x: number): string {
  if (!Number.isFinite(x))
    throw new ValidationError(`a FITS header cannot hold ${x}; leave the keyword without a value`);
  if (x === 0) return Object.is(x, -0) ? "-0.0" : "0.0";
  const [mantissa, power] = Math.abs(x).toExponential().split("e");
  const sign = x < 0 ? "-" : "";
  const digits = mantissa.replace(".", "");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const e = `E${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
    const m = `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}`;
    return m.slice(0, 20 - e.length) + e;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`.slice(0, 20);
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`.slice(0, 20);
}

/** The value field of a card, in fixed format: numbers right-aligned to column 30, strings from column 11. */
export function formatValue(value: HeaderValue, form?: NumberForm): string {
  switch (typeof value) {
    case "string":
      return value === "" ? "''" : `'${value.replaceAll("'", "''").padEnd(8)}'`.padEnd(20);
    case "boolean":
      return (value ? "T" : "F").padStart(20);
    case "bigint":
      return String(value).padStart(20);
    case "number":
      if (form === "float" || !Number.isInteger(value) || Math.abs(value) >= 1e18)
        return formatFloat(value).padStart(20);
      return BigInt(value).toString().padStart(20);
    case "undefined":
      return "";
    default:
      return `(${formatFloat(value.re)}, ${formatFloat(value.im)})`.padStart(20);
  }
}

/** Text cut before words so that no piece is longer than `width` (the first: `first`); longer words are cut inside. */
function wordGroups(text: string, width: number, first: number): string[] {
  const out: string[] = [];
  let from = 0;
  let room = first;
  for (;;) {
    let to: number;
    if (text.length < from + room) to = text.length;
    else {
      const blank = text.lastIndexOf(" ", from + room - 1);
      to = blank >= from ? blank + 1 : Math.min(from + room, text.length);
    }
    out.push(text.slice(from, to));
    if (to >= text.length) return out;
    from = to;
    room = width;
  }
}

function checkText(text: string, keyword: string): void {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 32 || c > 126)
      throw new ValidationError(
        `keyword ${keyword}: FITS cards hold printable ASCII only, got ${JSON.stringify(text.slice(0, 60))}`,
        { where: keyword },
      );
  }
}

/** Whether a keyword needs the HIERARCH convention. */
function needsHierarch(keyword: string): boolean {
  return keyword.length > 8 || !/^[A-Z0-9_-]*$/.test(keyword);
}

/** Name of a keyword as it is looked up: upper case, without blanks around and without a leading HIERARCH. */
export function normalKeyword(keyword: string): string {
  const k = keyword.trim().toUpperCase();
  return k.startsWith("HIERARCH ") ? k.slice(9).trim() : k;
}

/**
 * One logical card as text of n * 80 characters. Strings too long for one card continue in CONTINUE cards; a comment that does not
 * fit is cut; commentary text is spread over several cards.
 */
export function formatCard(keyword: string, value: HeaderValue, comment = "", form?: NumberForm): string {
  const name = normalKeyword(keyword);
  checkText(name + comment, name);
  if (typeof value === "string") checkText(value, name);
  if (COMMENTARY.has(name)) return formatCommentary(name, String(value ?? ""));
  const hierarch = needsHierarch(name);
  const spelled = keyword
    .trim()
    .replace(/^HIERARCH /i, "")
    .trim();
  if (hierarch && (name.includes("=") || name.length > 60))
    throw new ValidationError(`${JSON.stringify(keyword)} cannot be a FITS keyword`, { where: keyword });
  let head = `${hierarch ? `HIERARCH ${spelled} ` : name.padEnd(8)}= `;
  let text = formatValue(value, form);
  if (hierarch) text = text.trim();
  if (hierarch && head.length + text.length === CARD + 1) head = `HIERARCH ${spelled}= `;
  const tail = comment === "" ? "" : ` / ${comment}`;
  const whole = head + text + tail;
  if (whole.length <= CARD) return whole.padEnd(CARD);
  if (head.length + text.length <= CARD) return whole.slice(0, CARD);
  if (typeof value !== "string")
    throw new ValidationError(`keyword ${name} with its value ${text} does not fit on a card`, { where: name });
  return formatLongString(head, value, comment);
}

function formatLongString(head: string, value: string, comment: string): string {
  const out: string[] = [];
  const words = wordGroups(value.replaceAll("'", "''"), 67, 67 + 10 - head.length);
  // A doubled quote must not be cut in two: move its first half to the next piece.
  for (let i = 0; i < words.length - 1; i++) {
    const quotes = /'+$/.exec(words[i])?.[0].length ?? 0;
    if (quotes % 2 === 1) {
      words[i] = words[i].slice(0, -1);
      words[i + 1] = `'${words[i + 1]}`;
      if (words[i + 1].length > 67) words.splice(i + 2, 0, words[i + 1].slice(67));
      words[i + 1] = words[i + 1].slice(0, 67);
    }
  }
  words.forEach((word, i) => {
    const more = comment !== "" || i < words.length - 1;
    out.push(`${i === 0 ? head : "CONTINUE  "}'${word}${more ? "&" : ""}'`.padEnd(CARD));
  });
  if (comment !== "") {
    const parts = wordGroups(comment, 64, 64);
    parts.forEach((part, i) => {
      out.push(`CONTINUE  ${i < parts.length - 1 ? "'&'" : "''"} / ${part}`.padEnd(CARD).slice(0, CARD));
    });
  }
  return out.join("");
}

function formatCommentary(name: string, text: string): string {
  const out: string[] = [];
  for (let i = 0; i === 0 || i < text.length; i += 72) out.push((name.padEnd(8) + text.slice(i, i + 72)).padEnd(CARD));
  return out.join("");
}

import { CARD } from "./const.js";
import { COMMENTARY, formatCard, type HeaderValue, type NumberForm, normalKeyword } from "./format.js";

/** What kind of value a card has; "commentary" cards are text without a value, "invalid" ones cannot be understood. */
export type CardType = "string" | "int" | "float" | "bool" | "complex" | "undefined" | "commentary" | "invalid";

interface Parsed {
  keyword: string;
  type: CardType;
  value: HeaderValue;
  comment: string;
}

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)([EeDd] ?[+-]?\d+)?$/;
const COMPLEX = /^\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*\)$/;

function toFloat(text: string): number {
  return FLOAT.test(text) ? Number(text.replace(/[dD]/, "E").replace("E ", "E").replace("e ", "e")) : Number.NaN;
}

/** What stands between quotes, quotes inside still doubled, and what follows; undefined when unterminated. */
interface Quoted {
  inside: string;
  rest: string;
}

/** Read a string that starts at `field[0]`; quotes before `from` belong to it. */
function quoted(field: string, from = 1): Quoted | undefined {
  for (let end = field.indexOf("'", from); end >= 0; end = field.indexOf("'", end + 1)) {
    if (field[end + 1] === "'") end++;
    // A quote before the sign of continuation is half of a pair: its other half begins the next card, as some writers cut strings.
    else if (field[end + 1] !== "&") return { inside: field.slice(1, end), rest: field.slice(end + 1) };
  }
  return undefined;
}

const HALF_A_PAIR = /(?:^|[^'])(?:'')*'&$/;

/** The text of a string without trailing blanks. */
const textOf = (inside: string): string => inside.replaceAll("''", "'").trimEnd();

function commentOf(rest: string): string {
  const slash = rest.indexOf("/");
  return slash < 0 ? "" : rest.slice(slash + 1).trim();
}

function parseField(field: string): Omit<Parsed, "keyword"> {
  const text = field.trimStart();
  if (text.startsWith("'")) {
    const string = quoted(text);
    if (string === undefined) return { type: "invalid", value: undefined, comment: commentOf(text) };
    return { type: "string", value: textOf(string.inside), comment: commentOf(string.rest) };
  }
  const slash = text.indexOf("/");
  const token = (slash < 0 ? text : text.slice(0, slash)).trim();
  const comment = commentOf(text);
  if (token === "") return { type: "undefined", value: undefined, comment };
  if (token === "T" || token === "F") return { type: "bool", value: token === "T", comment };
  const compact = token.replace(/^([+-]) +/, "$1");
  if (INTEGER.test(compact)) {
    const n = Number(compact);
    return { type: "int", value: Number.isSafeInteger(n) ? n : BigInt(compact.replace(/^\+/, "")), comment };
  }
  const x = toFloat(compact);
  if (!Number.isNaN(x)) return { type: "float", value: x, comment };
  const pair = COMPLEX.exec(token);
  if (pair !== null) {
    const value = { re: toFloat(pair[1]), im: toFloat(pair[2]) };
    if (!Number.isNaN(value.re) && !Number.isNaN(value.im)) return { type: "complex", value, comment };
  }
  return { type: "invalid", value: undefined, comment };
}

function parse(raw: string): Parsed {
  const keyword = raw.slice(0, 8).trimEnd().toUpperCase();
  if (COMMENTARY.has(keyword)) {
    let text = "";
    for (let i = 0; i < raw.length; i += CARD) text += raw.slice(i + 8, i + CARD);
    return { keyword, type: "commentary", value: text.trimEnd(), comment: "" };
  }
  let name = keyword;
  let field: string;
  const equals = raw.indexOf("=");
  if (keyword === "HIERARCH" && raw[8] === " " && equals > 8 && equals < CARD) {
    name = raw.slice(9, equals).trim().toUpperCase();
    field = raw.slice(equals + 1, CARD);
  } else if (raw.startsWith("= ", 8)) field = raw.slice(10, CARD);
  else return { keyword, type: "commentary", value: raw.slice(8).trimEnd(), comment: "" };
  const first = parseField(field);
  if (raw.length === CARD || typeof first.value !== "string") return { keyword: name, ...first };
  return { keyword: name, ...joined(field, raw) };
}

/** The value of a string that CONTINUE cards prolong. */
function joined(first: string, raw: string): Omit<Parsed, "keyword"> {
  const comments: string[] = [];
  let inside = "";
  let half = false;
  for (let i = 0; i < raw.length; i += CARD) {
    const field = (i === 0 ? first : raw.slice(i + 8, i + CARD)).trimStart();
    const part: Quoted | undefined = field.startsWith("'") ? quoted(field, half ? 2 : 1) : undefined;
    if (part === undefined) continue;
    // The last card has nothing after it: its ampersand belongs to the text.
    const goesOn: boolean = i + CARD < raw.length && part.inside.trimEnd().endsWith("&");
    half = goesOn && HALF_A_PAIR.test(part.inside.trimEnd());
    inside += goesOn ? part.inside.trimEnd().slice(0, -1) : part.inside.trimEnd();
    const comment = commentOf(part.rest);
    if (comment) comments.push(comment);
  }
  return { type: "string", value: textOf(inside), comment: comments.join(" ") };
}

const ENDS_OPEN = /^'.*& *' *(?:\/|$)/;

/** Whether a raw card ends in a string that a CONTINUE card may prolong. */
export function isContinued(raw: string): boolean {
  const at = raw.startsWith("CONTINUE") ? 8 : raw.indexOf("=") + 1;
  return ENDS_OPEN.test(raw.slice(at).trimStart());
}

/**
 * A header card: its exact text and what that means. A long string with its CONTINUE cards is one card here. Immutable.
 */
export class Card {
  /** n * 80 characters, one per byte of the file. */
  readonly raw: string;
  private parsed: Parsed | undefined;

  private constructor(raw: string, parsed?: Parsed) {
    this.raw = raw;
    this.parsed = parsed;
  }

  /** From the text of a file: 80 characters, more with CONTINUE cards. Never throws: see `type`. */
  static fromRaw(raw: string): Card {
    return new Card(raw);
  }

  /** @throws {ValidationError} when the keyword or the value cannot be written */
  static create(keyword: string, value: HeaderValue, comment = "", form?: NumberForm): Card {
    const raw = formatCard(keyword, value, comment, form);
    const float = typeof value === "number" && (form === "float" || !Number.isInteger(value));
    const type: CardType = COMMENTARY.has(normalKeyword(keyword))
      ? "commentary"
      : typeof value === "string"
        ? "string"
        : typeof value === "boolean"
          ? "bool"
          : value === undefined
            ? "undefined"
            : typeof value === "object"
              ? "complex"
              : float
                ? "float"
                : "int";
    return new Card(raw, { keyword: normalKeyword(keyword), type, value, comment });
  }

  private get content(): Parsed {
    if (this.parsed === undefined) this.parsed = parse(this.raw);
    return this.parsed;
  }

  /** In upper case; without the word HIERARCH. */
  get keyword(): string {
    return this.content.keyword;
  }

  /** As it is spelled in the file: HIERARCH keywords may have lower-case letters. */
  get spelling(): string {
    const { keyword, raw } = this;
    return raw.startsWith("HIERARCH ") ? raw.slice(9, raw.indexOf("=")).trim() : keyword;
  }

  get type(): CardType {
    return this.content.type;
  }

  /** Undefined for keywords without a value and for cards that cannot be understood. Integers beyond 2^53 are bigint. */
  get value(): HeaderValue {
    return this.content.value;
  }

  get comment(): string {
    return this.content.comment;
  }
}

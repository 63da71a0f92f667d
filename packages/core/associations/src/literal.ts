/** A value of a Python literal as pools spell candidates: text, number, None, list or tuple. */
export type Literal = string | number | boolean | null | LiteralSequence;

export interface LiteralSequence {
  readonly kind: "list" | "tuple";
  readonly items: readonly Literal[];
}

class Reader {
  private at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  read(): Literal | undefined {
    const value = this.value();
    this.space();
    return this.at === this.text.length ? value : undefined;
  }

  private space(): void {
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at++;
  }

  private value(): Literal | undefined {
    this.space();
    const c = this.text[this.at];
    if (c === "[" || c === "(") return this.sequence(c);
    if (c === "'" || c === '"') return this.quoted(c);
    const word = /^[-+]?[\w.]+/.exec(this.text.slice(this.at, this.at + 64))?.[0];
    if (word === undefined) return undefined;
    this.at += word.length;
    if (word === "None") return null;
    if (word === "True") return true;
    if (word === "False") return false;
    // Python does not take 007 for a number; neither may we, or an identifier would lose its zeros.
    return /^[-+]?(0+|[1-9]\d*)(\.\d*)?$/.test(word) ? Number(word) : undefined;
  }

  private quoted(quote: string): string | undefined {
    let out = "";
    for (this.at++; this.at < this.text.length; this.at++) {
      const c = this.text[this.at];
      if (c === "\\") out += this.text[++this.at] ?? "";
      else if (c === quote) {
        this.at++;
        return out;
      } else out += c;
    }
    return undefined;
  }

  private sequence(open: string): LiteralSequence | Literal | undefined {
    const close = open === "[" ? "]" : ")";
    const items: Literal[] = [];
    let comma = false;
    this.at++;
    for (;;) {
      this.space();
      if (this.text[this.at] === close) break;
      const item = this.value();
      if (item === undefined) return undefined;
      items.push(item);
      this.space();
      if (this.text[this.at] === ",") {
        comma = true;
        this.at++;
      } else if (this.text[this.at] !== close) return undefined;
    }
    this.at++;
    if (open === "(" && items.length === 1 && !comma) return items[0];
    return { kind: open === "[" ? "list" : "tuple", items };
  }
}

/** The value of a Python literal, or undefined when the text is none (then the text stands for itself). */
export function parseLiteral(text: string): Literal | undefined {
  return new Reader(text.trim()).read();
}

/** Spell a literal as Python's `str` does: `('o001', 'observation')`. */
export function literalText(value: Literal, nested = false): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    if (!nested) return value;
    return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replaceAll("'", "\\'")}'`;
  }
  const parts = value.items.map((v) => literalText(v, true)).join(", ");
  if (value.kind === "list") return `[${parts}]`;
  return value.items.length === 1 ? `(${parts},)` : `(${parts})`;
}

/** The elements of a list value as text, or undefined when the value is no list (a tuple is one value). */
export function listElements(text: string): string[] | undefined {
  if (!text.startsWith("[") && !text.startsWith(" ")) return undefined;
  const value = parseLiteral(text);
  if (value === null || typeof value !== "object" || value.kind !== "list") return undefined;
  return value.items.map((v) => literalText(v));
}

/** An association candidate: identifier and type, as in `('o001', 'observation')`. */
export interface Candidate {
  readonly id: string;
  readonly type: string;
}

/** All candidates that an `asn_candidate` value names; a bare number is a candidate of type "unknown". */
export function parseCandidates(text: string): Candidate[] {
  const value = parseLiteral(text);
  if (typeof value === "number") return [{ id: String(value), type: "unknown" }];
  if (value === undefined || value === null || typeof value !== "object") return [];
  const one = asCandidate(value);
  if (one !== undefined) return [one];
  return value.items.flatMap((v) => asCandidate(v) ?? []);
}

function asCandidate(value: Literal): Candidate | undefined {
  if (value === null || typeof value !== "object" || value.items.length !== 2) return undefined;
  const [id, type] = value.items;
  return typeof id === "string" && typeof type === "string" ? { id, type } : undefined;
}

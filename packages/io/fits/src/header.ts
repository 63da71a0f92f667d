import { ValidationError } from "@calwebb/errors";
import { Card, isContinued } from "./card.js";
import { BLOCK, CARD } from "./const.js";
import { COMMENTARY, type HeaderValue, type NumberForm, normalKeyword } from "./format.js";

/** Where a new card goes, and how a number is written. */
export interface SetOptions {
  /** `1` or `1.0`; default: as the card had it, else an integer when the number is whole. */
  form?: NumberForm;
  before?: string;
  after?: string;
}

/**
 * The cards of a header in their order. Cards that are not changed keep their exact bytes.
 * Keywords are case-insensitive; of a repeated keyword the first counts.
 */
export class Header {
  private list: Card[] = [];
  private index: Map<string, number> | undefined;
  private edits = 0;

  constructor(cards: Iterable<Card> = []) {
    this.list = [...cards];
  }

  /** From card texts of 80 characters; CONTINUE cards are joined to the card they continue, END is left out. */
  static fromRaw(cards: readonly string[]): Header {
    const out: Card[] = [];
    for (let i = 0; i < cards.length; i++) {
      let raw = cards[i].padEnd(CARD).slice(0, CARD);
      if (raw.startsWith("END     ") || raw.trimEnd() === "END") break;
      if (cards[i + 1]?.startsWith("CONTINUE") && isContinued(raw)) {
        const parts = [raw];
        while (i + 1 < cards.length && cards[i + 1].startsWith("CONTINUE")) {
          parts.push(cards[++i]);
          if (!isContinued(cards[i])) break;
        }
        raw = parts.join("");
      }
      out.push(Card.fromRaw(raw));
    }
    return new Header(out);
  }

  /** The cards; the array must not be changed. */
  get cards(): readonly Card[] {
    return this.list;
  }

  /** Number of changes made to this header since it was read. */
  get changes(): number {
    return this.edits;
  }

  private find(keyword: string): number {
    if (this.index === undefined) {
      const index = new Map<string, number>();
      this.list.forEach((card, i) => {
        if (!index.has(card.keyword)) index.set(card.keyword, i);
      });
      this.index = index;
    }
    return this.index.get(normalKeyword(keyword)) ?? -1;
  }

  private changed(): void {
    this.index = undefined;
    this.edits++;
  }

  has(keyword: string): boolean {
    return this.find(keyword) >= 0;
  }

  /** The first card of this keyword. */
  card(keyword: string): Card | undefined {
    return this.list[this.find(keyword)];
  }

  /** The value; undefined when the keyword is absent or has no value. */
  get(keyword: string): HeaderValue {
    return this.card(keyword)?.value;
  }

  /** The value when it is a string. */
  getString(keyword: string): string | undefined {
    const value = this.get(keyword);
    return typeof value === "string" ? value : undefined;
  }

  /** The value when it is a number (a bigint is converted). */
  getNumber(keyword: string): number | undefined {
    const value = this.get(keyword);
    return typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : undefined;
  }

  getBoolean(keyword: string): boolean | undefined {
    const value = this.get(keyword);
    return typeof value === "boolean" ? value : undefined;
  }

  /** The text after the slash of this keyword's card. */
  commentOf(keyword: string): string | undefined {
    return this.card(keyword)?.comment;
  }

  /** Texts of the COMMENT cards, in order. */
  get comments(): string[] {
    return this.texts("COMMENT");
  }

  /** Texts of the HISTORY cards, in order. */
  get history(): string[] {
    return this.texts("HISTORY");
  }

  private texts(keyword: string): string[] {
    return this.list.filter((c) => c.keyword === keyword).map((c) => String(c.value ?? ""));
  }

  /**
   * Give a keyword a value. An existing card keeps its place, and its comment unless `comment` is given; a new one goes
   * before the trailing block of commentary cards.
   * @throws {ValidationError} when it cannot be written in a header
   */
  set(keyword: string, value: HeaderValue, comment?: string, options: SetOptions = {}): this {
    const name = normalKeyword(keyword);
    if (COMMENTARY.has(name))
      throw new ValidationError(`use add("${name}", text) for commentary cards`, { where: name });
    const at = this.find(name);
    if (at >= 0) {
      const old = this.list[at];
      const form = options.form ?? (old.type === "float" ? "float" : undefined);
      const same =
        old.type !== "invalid" && sameValue(old.value, value) && (old.type === "float") === (form === "float");
      if (!same || (comment !== undefined && comment !== old.comment)) {
        this.list[at] = Card.create(old.spelling, value, comment ?? old.comment, form);
        this.changed();
      }
      if (options.before !== undefined || options.after !== undefined) this.move(at, options);
      return this;
    }
    this.insertCard(Card.create(keyword, value, comment ?? "", options.form), options);
    return this;
  }

  private move(at: number, options: SetOptions): void {
    const [card] = this.list.splice(at, 1);
    this.changed();
    this.insertCard(card, options);
  }

  private insertCard(card: Card, options: SetOptions): void {
    let at = -1;
    if (options.before !== undefined) at = this.find(options.before);
    else if (options.after !== undefined) {
      at = this.find(options.after);
      if (at >= 0) at++;
    }
    if (at < 0) {
      at = this.list.length;
      while (at > 0 && COMMENTARY.has(this.list[at - 1].keyword)) at--;
    }
    this.list.splice(at, 0, card);
    this.changed();
  }

  /** Add a card at the very end, even when the keyword is there already. */
  append(keyword: string, value: HeaderValue, comment = "", form?: NumberForm): this {
    this.list.push(Card.create(keyword, value, comment, form));
    this.changed();
    return this;
  }

  /** Add a card as it is at the end. */
  appendCard(card: Card): this {
    this.list.push(card);
    this.changed();
    return this;
  }

  /** Add a COMMENT, HISTORY or blank-keyword text after the last of its kind, else at the end; long text takes several cards. */
  add(keyword: "COMMENT" | "HISTORY" | "", text: string): this {
    const raw = Card.create(keyword, text).raw;
    let at = this.list.length;
    for (let i = at - 1; i >= 0 && keyword !== ""; i--)
      if (this.list[i].keyword === keyword) {
        at = i + 1;
        break;
      }
    const cards: Card[] = [];
    for (let i = 0; i < raw.length; i += CARD) cards.push(Card.fromRaw(raw.slice(i, i + CARD)));
    this.list.splice(at, 0, ...cards);
    this.changed();
    return this;
  }

  addComment(text: string): this {
    return this.add("COMMENT", text);
  }

  addHistory(text: string): this {
    return this.add("HISTORY", text);
  }

  /** Remove every card of this keyword; whether there was one. */
  delete(keyword: string): boolean {
    const name = normalKeyword(keyword);
    const kept = this.list.filter((c) => c.keyword !== name);
    if (kept.length === this.list.length) return false;
    this.list = kept;
    this.changed();
    return true;
  }

  /** An independent copy. */
  clone(): Header {
    return new Header(this.list);
  }

  /** Bytes in the file, with END and padding. */
  get byteLength(): number {
    let n = CARD;
    for (const card of this.list) n += card.raw.length;
    return Math.ceil(n / BLOCK) * BLOCK;
  }

  /** The header as it is written: cards, END, blanks up to a whole block. */
  toBytes(): Uint8Array {
    const out = new Uint8Array(this.byteLength).fill(32);
    let at = 0;
    const put = (text: string) => {
      for (let i = 0; i < text.length; i++) out[at++] = text.charCodeAt(i);
    };
    for (const card of this.list) put(card.raw);
    put("END");
    return out;
  }
}

function sameValue(a: HeaderValue, b: HeaderValue): boolean {
  if (typeof a === "object" && typeof b === "object") return a.re === b.re && a.im === b.im;
  return Object.is(a, b);
}

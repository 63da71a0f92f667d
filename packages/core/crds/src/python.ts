import { RuleFormatError } from "./error.js";

/** Values of the Python subset in which CRDS rules are written. */
export type Literal = string | number | boolean | null;

export type Expr =
  | { kind: "literal"; value: Literal; float?: boolean }
  | { kind: "tuple" | "list"; items: Expr[] }
  | { kind: "dict"; items: [Expr, Expr][] }
  | { kind: "name"; name: string }
  | { kind: "call"; name: string; args: Expr[] }
  | { kind: "unary"; op: "-" | "+" | "not"; operand: Expr }
  | { kind: "logic"; op: "and" | "or"; operands: Expr[] }
  | { kind: "compare"; first: Expr; rest: [string, Expr][] }
  | { kind: "binary"; op: string; left: Expr; right: Expr }
  | { kind: "if"; test: Expr; then: Expr; otherwise: Expr };

interface Token {
  type: "name" | "number" | "string" | "op" | "end";
  text: string;
  /** Decoded text of a string. */
  value?: string;
  at: number;
}

const OPERATORS = ["==", "!=", "<=", ">=", "//", "**", ..."()[]{},:=<>+-*/%"];
const MAX_DEPTH = 200;

/**
 * Parse assignments `name = expression` one after the other.
 * @param file - name for messages
 */
export function parseAssignments(text: string, file: string): Map<string, Expr> {
  const parser = new Parser(text, file, false);
  const out = new Map<string, Expr>();
  while (!parser.atEnd()) {
    const name = parser.takeName();
    parser.take("=");
    out.set(name, parser.expression());
  }
  return out;
}

/**
 * Parse one expression.
 * @param dotted - read `META.EXPOSURE.TYPE` as the name `META_EXPOSURE_TYPE`
 */
export function parseExpression(text: string, file: string, dotted = false): Expr {
  const parser = new Parser(text, file, dotted);
  const out = parser.expression(true);
  parser.end();
  return out;
}

class Parser {
  private readonly text: string;
  private readonly file: string;
  private readonly dotted: boolean;
  private token: Token;
  private position = 0;
  private depth = 0;

  constructor(text: string, file: string, dotted: boolean) {
    this.text = text;
    this.file = file;
    this.dotted = dotted;
    this.token = this.scan();
  }

  private fail(problem: string, at: number = this.token.at): RuleFormatError {
    const line = this.text.slice(0, at).split("\n").length;
    return new RuleFormatError(`${this.file}, line ${line}: ${problem}`);
  }

  private next(): Token {
    const token = this.token;
    this.token = this.scan();
    return token;
  }

  private is(text: string): boolean {
    return (this.token.type === "op" || this.token.type === "name") && this.token.text === text;
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  take(text: string): void {
    if (!this.accept(text)) throw this.fail(`found ${this.describe()}, wanted "${text}"`);
  }

  takeName(): string {
    if (this.token.type !== "name") throw this.fail(`found ${this.describe()}, wanted a name`);
    return this.next().text;
  }

  atEnd(): boolean {
    return this.token.type === "end";
  }

  end(): void {
    if (!this.atEnd()) throw this.fail(`found ${this.describe()} after the expression`);
  }

  private describe(): string {
    return this.token.type === "end" ? "the end" : JSON.stringify(this.token.text.slice(0, 40));
  }

  private scan(): Token {
    const { text } = this;
    const blank = /(?:[ \t\r\n\f]|\\\r?\n|#[^\n]*)*/y;
    blank.lastIndex = this.position;
    blank.test(text);
    const at = (this.position = blank.lastIndex);
    if (at >= text.length) return { type: "end", text: "", at };
    const match = (pattern: RegExp): string | undefined => {
      pattern.lastIndex = at;
      return pattern.exec(text)?.[0];
    };
    const quote = match(/[rRuU]?(?:"""|'''|"|')/y);
    if (quote !== undefined) return this.scanString(quote, at);
    const number = match(/(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?/y);
    if (number !== undefined) return this.found("number", number, at);
    const name = match(this.dotted ? /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y : /[A-Za-z_]\w*/y);
    if (name !== undefined) return { ...this.found("name", name, at), text: name.replaceAll(".", "_") };
    const op = OPERATORS.find((o) => text.startsWith(o, at));
    if (op !== undefined) return this.found("op", op, at);
    this.token = { type: "op", text: text[at], at };
    throw this.fail(`unexpected ${JSON.stringify(text[at])}`, at);
  }

  private found(type: Token["type"], text: string, at: number): Token {
    this.position = at + text.length;
    return { type, text, at };
  }

  private scanString(open: string, at: number): Token {
    const raw = /^[rR]/.test(open);
    const quote = open.replace(/^[rRuU]/, "");
    let value = "";
    let i = at + open.length;
    for (; ; i++) {
      const c = this.text[i];
      if (c === undefined || (c === "\n" && quote.length === 1)) throw this.fail("a string without an end", at);
      if (this.text.startsWith(quote, i)) break;
      if (c !== "\\") value += c;
      else if (raw) value += c + this.text[++i];
      else {
        const pattern = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|[0-7]{1,3}|\r\n|[\s\S])/y;
        pattern.lastIndex = i;
        const e = pattern.exec(this.text)?.[0] ?? "\\";
        value += decodeEscape(e);
        i += e.length - 1;
      }
    }
    this.position = i + quote.length;
    return { type: "string", text: this.text.slice(at, this.position), value, at };
  }

  /** An expression; with `commas`, `a, b` without parentheses is a tuple. */
  expression(commas = false): Expr {
    if (++this.depth > MAX_DEPTH) throw this.fail("nested too deeply");
    const first = this.conditional();
    let out = first;
    if (commas && this.is(",")) {
      const items = [first];
      while (this.accept(",")) if (!this.atEnd()) items.push(this.conditional());
      out = { kind: "tuple", items };
    }
    this.depth--;
    return out;
  }

  private conditional(): Expr {
    const then = this.disjunction();
    if (!this.accept("if")) return then;
    const test = this.disjunction();
    this.take("else");
    return { kind: "if", test, then, otherwise: this.expression() };
  }

  private disjunction(): Expr {
    return this.logic("or", () => this.logic("and", () => this.negation()));
  }

  private logic(op: "and" | "or", operand: () => Expr): Expr {
    const operands = [operand()];
    while (this.accept(op)) operands.push(operand());
    return operands.length === 1 ? operands[0] : { kind: "logic", op, operands };
  }

  private negation(): Expr {
    if (!this.accept("not")) return this.comparison();
    if (++this.depth > MAX_DEPTH) throw this.fail("nested too deeply");
    const operand = this.negation();
    this.depth--;
    return { kind: "unary", op: "not", operand };
  }

  private comparison(): Expr {
    const first = this.sum();
    const rest: [string, Expr][] = [];
    for (;;) {
      const op = this.comparator();
      if (op === undefined) return rest.length ? { kind: "compare", first, rest } : first;
      rest.push([op, this.sum()]);
    }
  }

  private comparator(): string | undefined {
    for (const op of ["==", "!=", "<=", ">=", "<", ">", "in"]) if (this.accept(op)) return op;
    if (!this.is("not")) return undefined;
    this.next();
    this.take("in");
    return "not in";
  }

  private sum(): Expr {
    return this.leftToRight(["+", "-"], () => this.leftToRight(["*", "//", "/", "%"], () => this.sign()));
  }

  private leftToRight(ops: string[], operand: () => Expr): Expr {
    let left = operand();
    for (;;) {
      const op = ops.find((o) => this.accept(o));
      if (op === undefined) return left;
      left = { kind: "binary", op, left, right: operand() };
    }
  }

  private sign(): Expr {
    for (const op of ["-", "+"] as const) {
      if (!this.accept(op)) continue;
      if (++this.depth > MAX_DEPTH) throw this.fail("nested too deeply");
      const operand = this.sign();
      this.depth--;
      return { kind: "unary", op, operand };
    }
    return this.atom();
  }

  private atom(): Expr {
    const { token } = this;
    switch (token.type) {
      case "number":
        this.next();
        return number(token.text);
      case "string": {
        let value = "";
        // Adjacent strings are one string.
        while (this.token.type === "string") value += this.next().value;
        return { kind: "literal", value };
      }
      case "name":
        return this.name();
      case "op":
        if (this.accept("(")) return this.parenthesis();
        if (this.accept("[")) return { kind: "list", items: this.items("]") };
        if (this.accept("{")) return this.dict();
    }
    throw this.fail(`found ${this.describe()}, wanted a value`);
  }

  private name(): Expr {
    const name = this.takeName();
    if (name === "None") return { kind: "literal", value: null };
    if (name === "True" || name === "False") return { kind: "literal", value: name === "True" };
    if (!this.accept("(")) return { kind: "name", name };
    return { kind: "call", name, args: this.items(")") };
  }

  private items(close: string): Expr[] {
    const out: Expr[] = [];
    while (!this.accept(close)) {
      out.push(this.expression());
      if (!this.is(close)) this.take(",");
    }
    return out;
  }

  private parenthesis(): Expr {
    if (this.accept(")")) return { kind: "tuple", items: [] };
    const first = this.expression();
    if (this.accept(")")) return first;
    this.take(",");
    return { kind: "tuple", items: [first, ...this.items(")")] };
  }

  private dict(): Expr {
    const items: [Expr, Expr][] = [];
    while (!this.accept("}")) {
      const key = this.expression();
      this.take(":");
      items.push([key, this.expression()]);
      if (!this.is("}")) this.take(",");
    }
    return { kind: "dict", items };
  }
}

function number(text: string): Expr {
  const clean = text.replaceAll("_", "");
  return { kind: "literal", value: Number(clean), float: /[.eE]/.test(clean) };
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", a: "\x07" };

function decodeEscape(sequence: string): string {
  const body = sequence.slice(1);
  if (/^[xu]/.test(body) && body.length > 1) return String.fromCharCode(Number.parseInt(body.slice(1), 16));
  if (/^[0-7]/.test(body)) return String.fromCharCode(Number.parseInt(body, 8));
  if (body === "\n" || body === "\r\n") return "";
  return ESCAPES[body] ?? ("\\'\"".includes(body) ? body : sequence);
}

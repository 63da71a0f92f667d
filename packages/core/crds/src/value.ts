import { RuleFormatError } from "./error.js";
import type { Expr, Literal } from "./python.js";

/** A Python tuple, told apart from a list. */
export class Tuple {
  readonly items: readonly PyValue[];
  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** A whole number that was written as a float. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export type PyValue = Literal | Tuple | Float | PyValue[] | PyDict;
/** A dict in the order of its text; keys may be anything. */
export class PyDict {
  readonly entries: readonly (readonly [PyValue, PyValue])[];
  constructor(entries: readonly (readonly [PyValue, PyValue])[]) {
    this.entries = entries;
  }

  /** Member of a string key. */
  get(key: string): PyValue | undefined {
    for (let i = this.entries.length - 1; i >= 0; i--) if (this.entries[i][0] === key) return this.entries[i][1];
    return undefined;
  }
}

/** The value of an expression made of literals only. */
export function literal(expr: Expr, file: string): PyValue {
  switch (expr.kind) {
    case "literal":
      return expr.float ? new Float(expr.value as number) : expr.value;
    case "tuple":
      return new Tuple(expr.items.map((e) => literal(e, file)));
    case "list":
      return expr.items.map((e) => literal(e, file));
    case "dict":
      return new PyDict(expr.items.map(([k, v]) => [literal(k, file), literal(v, file)] as const));
    case "unary": {
      const value = literal(expr.operand, file);
      if (expr.op !== "not" && typeof value === "number") return expr.op === "-" ? -value : value;
      if (expr.op !== "not" && value instanceof Float) return expr.op === "-" ? new Float(-value.value) : value;
    }
  }
  throw new RuleFormatError(`${file}: an expression of kind "${expr.kind}" stands where a value has to be`);
}

/** `repr` of Python for the values that occur in messages and in config files. */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : pythonFloat(value);
  if (value instanceof Float) return pythonFloat(value.value);
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    const body = value
      .replaceAll("\\", "\\\\")
      .replaceAll(quote, `\\${quote}`)
      .replaceAll("\n", "\\n")
      .replaceAll("\r", "\\r")
      .replaceAll("\t", "\\t");
    return quote + body + quote;
  }
  if (value instanceof Tuple)
    return value.items.length === 1 ? `(${repr(value.items[0])},)` : `(${value.items.map(repr).join(", ")})`;
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  const entries = value instanceof PyDict ? value.entries : Object.entries(value as object);
  return `{${entries.map(([k, v]) => `${repr(k)}: ${repr(v)}`).join(", ")}}`;
}

/** `str(float(x))` of Python. */
export function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  if (Object.is(x, -0)) return "-0.0";
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits, exponent] = x.toExponential().split("e");
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(x) ? `${x}.0` : String(x);
}

/** Plain JavaScript of a literal: tuples and lists become arrays, dicts objects. */
export function plain(value: PyValue): unknown {
  if (value instanceof Tuple) return value.items.map(plain);
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof PyDict) return Object.fromEntries(value.entries.map(([k, v]) => [String(plain(k)), plain(v)]));
  return value;
}

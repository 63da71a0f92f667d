import { Timestamp } from "./tree.js";

/** Wraps a number that was written as a float, until the container that receives it has noted that. */
export class FloatScalar {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

// The implicit types of YAML 1.1 as PyYAML has them, which is what every other ASDF library is built on: `y` and `n` are strings,
// `1e5` is a string (a float needs a dot and a signed exponent), `010` is octal, `1:30` is sexagesimal.
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** Stands for a plain `<<`, which as a key means "take these members too". */
export const MERGE: unique symbol = Symbol("<<");

/** Which implicit type a plain scalar has. */
export type ScalarType = "null" | "bool" | "int" | "float" | "timestamp" | "merge" | "value" | "str";

export function scalarType(text: string): ScalarType {
  const c = text.charCodeAt(0);
  // Digits, sign or dot.
  if ((c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46) {
    if (INT.test(text)) return "int";
    if (FLOAT.test(text)) return "float";
    if (TIMESTAMP.test(text)) return "timestamp";
    return "str";
  }
  if (text.length > 5) return "str";
  if (NULL.test(text)) return "null";
  if (BOOL.test(text)) return "bool";
  if (text === "<<") return "merge";
  if (text === "=") return "value";
  return "str";
}

const bool = (text: string): boolean => /^(?:yes|true|on)$/i.test(text);

function sexagesimal(text: string): number {
  let value = 0;
  for (const part of text.split(":")) value = value * 60 + Number(part);
  return value;
}

/** An integer; a bigint when it is beyond 2^53. */
export function parseInt11(text: string): number | bigint | undefined {
  if (!INT.test(text)) return undefined;
  let body = text.replaceAll("_", "");
  const negative = body[0] === "-";
  if (negative || body[0] === "+") body = body.slice(1);
  let big: bigint;
  if (body.includes(":")) {
    big = 0n;
    for (const part of body.split(":")) big = big * 60n + BigInt(part);
  } else if (/^0[0-7]+$/.test(body)) big = BigInt(`0o${body.slice(1)}`);
  else if (body.length < 16 && !body.startsWith("0")) return negative ? -Number(body) : Number(body);
  else if (/^0[bx]?$/.test(body)) big = 0n;
  else big = BigInt(body);
  const value = Number(negative ? -big : big);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return negative ? -big : big;
}

/** A float, of any spelling that Python's `float` takes. */
export function parseFloat11(text: string): number | undefined {
  const body = text.replaceAll("_", "").toLowerCase();
  if (/^[-+]?\.?inf(?:inity)?$/.test(body))
    return body[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[-+]?\.?nan$/.test(body)) return Number.NaN;
  const sign = body[0] === "-" ? -1 : 1;
  const digits = /^[-+]/.test(body) ? body.slice(1) : body;
  if (digits.includes(":")) return sign * sexagesimal(digits);
  if (!/^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(digits)) return undefined;
  return sign * Number(digits);
}

/** The value of a plain scalar without a tag. */
export function resolvePlain(text: string): unknown {
  switch (scalarType(text)) {
    case "null":
      return null;
    case "bool":
      return bool(text);
    case "int":
      return parseInt11(text);
    case "float": {
      const value = parseFloat11(text);
      return value === undefined ? text : new FloatScalar(value);
    }
    case "timestamp":
      return new Timestamp(text);
    case "merge":
      return MERGE;
    default:
      return text;
  }
}

/** The value of a scalar with one of YAML's own tags (`!!float 3`); undefined when the text does not fit the tag. */
export function resolveTagged(type: string, text: string): unknown {
  switch (type) {
    case "str":
      return text;
    case "null":
      return null;
    case "bool":
      return BOOL.test(text) ? bool(text) : undefined;
    case "int":
      return parseInt11(text);
    case "float": {
      const value = parseFloat11(text);
      return value === undefined ? undefined : new FloatScalar(value);
    }
    case "timestamp":
      return new Timestamp(text);
    default:
      return undefined;
  }
}

/** Text of a float that every YAML 1.1 reader takes as a float: `1.0`, `1.0e-05`, `.nan`. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value < 0 ? "-.inf" : ".inf";
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  const e = text.indexOf("e");
  if (e < 0) return text.includes(".") ? text : `${text}.0`;
  const mantissa = text.slice(0, e);
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}${text.slice(e)}`;
}

import { conditionValue } from "./condition.js";
import { BadLookup, RuleFormatError } from "./error.js";
import { type PyValue, Tuple } from "./value.js";

/** 1: the value matches; 0: it does not matter; -1: it does not match. */
export type Status = 1 | 0 | -1;
/** Tests a conditioned value of the data set. */
export type Matcher = (value: string) => Status;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether an element of a key is an expression, so that the set of known values says nothing. */
export function isEsoteric(element: string): boolean {
  const key = element.toUpperCase();
  return (/^[{(#]/.test(key) && /[})#]$/.test(key)) || key.startsWith("BETWEEN") || key.startsWith("NOT");
}

/** The alternatives of `a|b|c`, sorted; one element for anything else. */
export function alternatives(element: string): string[] {
  if (isEsoteric(element) || !element.includes("|")) return [element];
  return element
    .split("|")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .sort(byText);
}

/** Bring an element of a key into the form of conditioned values. */
export function conditionElement(element: PyValue): string {
  if (element instanceof Tuple || Array.isArray(element)) {
    const items = element instanceof Tuple ? element.items : element;
    return items.map(conditionValue).join("|");
  }
  if (typeof element !== "string") return conditionValue(element);
  if (/^\{.*\}$/s.test(element) || /^\(.*\)$/s.test(element)) return element;
  if (element.includes("|")) return alternatives(element).map(conditionValue).join("|");
  return conditionValue(element);
}

/** What every kind of element says about the two special values of a data set. */
function special(value: string): Status {
  return value === "*" ? 1 : value === "N/A" ? 0 : -1;
}

/** A matcher from a yes-or-no test; the special values are settled before it. */
const test = (check: (value: string) => boolean): Matcher => {
  return (value) => {
    const settled = special(value);
    return settled !== -1 ? settled : check(value) ? 1 : -1;
  };
};

/** A Python regular expression anchored at its start, as JavaScript. */
function regex(source: string, element: string): RegExp {
  const translated = source
    .replaceAll("(?P<", "(?<")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replaceAll("\\Z", "$")
    .replaceAll("\\A", "^");
  try {
    return new RegExp(`^(?:${translated})`);
  } catch {
    throw new RuleFormatError(`the key element ${element} is no regular expression`);
  }
}

/** A shell glob as a regular expression for whole strings. */
function glob(pattern: string): string {
  let out = "";
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === "*") out += "[\\s\\S]*";
    else if (c === "?") out += "[\\s\\S]";
    else if (c === "[") {
      // A bracket directly after the opening one (or after !) belongs to the set.
      let end = i + 1;
      if (pattern[end] === "!") end++;
      if (pattern[end] === "]") end++;
      end = pattern.indexOf("]", end);
      if (end < 0) out += "\\[";
      else {
        const set = pattern
          .slice(i + 1, end)
          .replaceAll("\\", "\\\\")
          .replaceAll("[", "\\[")
          .replaceAll("]", "\\]");
        out += set.startsWith("!") ? `[^${set.slice(1)}]` : `[${set.replace(/^\^/, "\\^")}]`;
        i = end;
      }
    } else out += c.replace(/[\\^$.|+(){}]/g, "\\$&");
  }
  return out;
}

function globs(element: string): Matcher {
  const pattern = new RegExp(`^(?:${alternatives(element).map(glob).join("|")})$`);
  return test((value) => pattern.test(value));
}

const FLOAT = /^\s*[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|inf(?:inity)?|nan)\s*$/i;

/** `float(text)` of Python; undefined when it is none. */
export function parseFloat64(text: string): number | undefined {
  if (!FLOAT.test(text)) return undefined;
  const body = text.trim().toLowerCase();
  if (body.includes("inf")) return body.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return body.includes("nan") ? Number.NaN : Number(body);
}

function inequality(element: string): Matcher {
  const m = /^([><]=?)\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)/.exec(element);
  if (!m) throw new RuleFormatError(`the key element ${element} is no comparison with a number`);
  const bound = Number(m[2]);
  return test((value) => {
    const x = parseFloat64(value);
    if (x === undefined) return false;
    switch (m[1]) {
      case ">":
        return x > bound;
      case "<":
        return x < bound;
      case ">=":
        return x >= bound;
      default:
        return x <= bound;
    }
  });
}

function both(element: string, operator: "AND" | "OR"): Matcher {
  const body = element.trim().startsWith("#") ? element.trim().slice(1, -1) : element;
  const [first, second] = body.split(operator).map((part) => matcher(part.trim()));
  return test((value) => {
    const upper = value.toUpperCase();
    return operator === "AND" ? first(upper) === 1 && second(upper) === 1 : first(upper) === 1 || second(upper) === 1;
  });
}

function between(element: string): Matcher {
  const parts = element.trim().split(/\s+/);
  const bounds = parts.slice(1).map(parseFloat64);
  if (parts.length !== 3 || bounds[0] === undefined || bounds[1] === undefined || bounds[0] > bounds[1])
    throw new RuleFormatError(`the key element "${element}" has to be "between lower upper"`);
  return both(`>=${parts[1]} AND <${parts[2]}`, "AND");
}

/** The test that a conditioned element of a key stands for. */
export function matcher(element: string): Matcher {
  if (element.startsWith("(") && element.endsWith(")")) {
    const pattern = regex(element.slice(1, -1), element);
    return test((value) => pattern.test(value));
  }
  if (element.startsWith("{") && element.endsWith("}")) {
    const literal = element.slice(1, -1);
    return (value) => (value === literal ? 1 : special(value));
  }
  if (element.startsWith("#") && element.endsWith("#") && element.length > 1) {
    const upper = element.toUpperCase();
    if (upper.includes(" AND ")) return both(upper, "AND");
    if (upper.includes(" OR ")) return both(upper, "OR");
    return matcher(upper.slice(1, -1).trim());
  }
  const upper = element.toUpperCase();
  if (upper.startsWith("BETWEEN")) return between(element);
  if (upper.startsWith("NOT ")) {
    const inner = matcher(element.slice(4).trim());
    return (value) => (-inner(value) || 0) as Status;
  }
  if (element.includes("|") || element.includes("*")) return globs(element);
  if (element === "N/A") return () => 0;
  if (/^[<>]/.test(element)) return inequality(element);
  return (value) => (value === element ? 1 : special(value));
}

/**
 * Check that some rule of a Match knows a value at all.
 * @param known - values that the rules use, sorted; empty when they use expressions
 * @throws {BadLookup} in the words of the reference client
 */
export function checkKnown(
  name: string,
  value: string,
  known: readonly string[],
  substitutes: ReadonlyMap<string, string> | undefined,
  describe: (values: readonly string[]) => string,
): void {
  if (!isKnown(value, known, substitutes))
    throw new BadLookup(` parameter='${name}' value='${value}' is not in ${describe(known)}`);
}

function isKnown(
  value: string,
  known: readonly string[],
  substitutes: ReadonlyMap<string, string> | undefined,
): boolean {
  if (known.includes(value) || known.includes(conditionValue(value))) return true;
  if (known.length === 0 || known.includes("*") || known.includes("ANY") || known.includes("N/A")) return true;
  if (value.startsWith("NOT")) return isKnown(value.slice(3).trim(), known, substitutes);
  if (isEsoteric(value) || value === "*" || value === "ANY" || value === "N/A") return true;
  if (known.length === 1 && known[0].includes(":")) {
    const [low, high] = known[0].split(":").map(Number);
    const x = parseFloat64(value);
    return x !== undefined && low <= x && x <= high;
  }
  const substitute = substitutes?.get(value);
  return substitute !== undefined && substitute !== value && isKnown(substitute, known, undefined);
}

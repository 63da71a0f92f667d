import type { Expr } from "./python.js";
import { Float } from "./value.js";

/** A failure that Python would raise too: an unknown name, an operation on values that do not go together. */
export class EvaluationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EvaluationError";
  }
}

type Value = string | number | boolean | null | Value[];

/** Python's truth of a value. */
function truthy(value: Value): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function equal(a: Value, b: Value): boolean {
  if (Array.isArray(a)) {
    const other = b;
    return Array.isArray(other) && a.length === other.length && a.every((x, i) => equal(x, other[i]));
  }
  if (typeof a === "boolean") a = Number(a);
  if (typeof b === "boolean") b = Number(b);
  return a === b;
}

function compare(op: string, a: Value, b: Value): boolean {
  switch (op) {
    case "==":
      return equal(a, b);
    case "!=":
      return !equal(a, b);
    case "in":
    case "not in": {
      let found: boolean;
      if (Array.isArray(b)) found = b.some((x) => equal(a, x));
      else if (typeof a === "string" && typeof b === "string") found = b.includes(a);
      else throw new EvaluationError(`"${op}" needs a list, a tuple or two strings`);
      return op === "in" ? found : !found;
    }
  }
  const same = (typeof a === "string" && typeof b === "string") || (typeof a === "number" && typeof b === "number");
  if (!same) throw new EvaluationError(`"${op}" between values of different kinds`);
  if (op === "<") return a! < b!;
  if (op === "<=") return a! <= b!;
  if (op === ">") return a! > b!;
  return a! >= b!;
}

function binary(op: string, a: Value, b: Value): Value {
  if (op === "+" && typeof a === "string" && typeof b === "string") return a + b;
  if (op === "+" && Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (typeof a !== "number" || typeof b !== "number") throw new EvaluationError(`"${op}" needs two numbers`);
  if ("//%".includes(op) && b === 0) throw new EvaluationError("division by zero");
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return Math.floor(a / b);
    default:
      return a - b * Math.floor(a / b);
  }
}

/**
 * The value of an expression such as `META_EXPOSURE_TYPE in ("NRC_IMAGE", "NRC_CORON")`.
 * @param variable - gives the value of a name; undefined says that there is none
 * @throws {EvaluationError}
 */
export function evaluate(expr: Expr, variable: (name: string) => string | boolean | undefined): Value {
  const run = (e: Expr): Value => {
    switch (e.kind) {
      case "literal":
        return e.value;
      case "tuple":
      case "list":
        return e.items.map(run);
      case "name": {
        const value = variable(e.name);
        if (value === undefined) throw new EvaluationError(`name '${e.name}' is not defined`);
        return value;
      }
      case "unary": {
        const value = run(e.operand);
        if (e.op === "not") return !truthy(value);
        if (typeof value !== "number") throw new EvaluationError(`"${e.op}" needs a number`);
        return e.op === "-" ? -value : value;
      }
      case "logic": {
        let value: Value = null;
        for (const operand of e.operands) {
          value = run(operand);
          if (truthy(value) === (e.op === "or")) return value;
        }
        return value;
      }
      case "compare": {
        let left = run(e.first);
        for (const [op, operand] of e.rest) {
          const right = run(operand);
          if (!compare(op, left, right)) return false;
          left = right;
        }
        return true;
      }
      case "binary":
        return binary(e.op, run(e.left), run(e.right));
      case "if":
        return run(truthy(run(e.test)) ? e.then : e.otherwise);
      default:
        throw new EvaluationError(`an expression may not hold a ${e.kind}`);
    }
  };
  return run(expr);
}

/** Whether an expression holds. */
export function holds(expr: Expr, variable: (name: string) => string | boolean | undefined): boolean {
  return truthy(evaluate(expr, variable));
}

/** Number of a float literal or a number. */
export const toNumber = (value: unknown): number => (value instanceof Float ? value.value : Number(value));

import { ValidationError } from "@calwebb/errors";
import type { Param } from "./types.js";

const TRUE = new Set(["on", "1", "true", "yes"]);
const FALSE = new Set(["off", "0", "false", "no"]);
const INTEGER = /^[+-]?\d+(_\d+)*$/;
const FLOAT = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)([eE][+-]?\d+)?$/;
const NOT_FINITE: Readonly<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: Number.NaN };

/** How a value is shown in messages. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return value !== null && typeof value === "object" ? Object.prototype.toString.call(value) : String(value);
}

class Refused extends Error {}

function refuse(value: unknown, wanted: string): never {
  throw new Refused(`got ${show(value)}, wanted ${wanted}`);
}

function limits(param: Param): string {
  const { min, max } = param;
  if (min !== undefined && max !== undefined) return min === max ? ` (exactly ${min})` : ` (${min} to ${max})`;
  if (min !== undefined) return ` (at least ${min})`;
  return max === undefined ? "" : ` (at most ${max})`;
}

function within(n: number, param: Param): boolean {
  return !(param.min !== undefined && n < param.min) && !(param.max !== undefined && n > param.max);
}

function toFloat(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (FLOAT.test(text)) return Number(text.replaceAll("_", ""));
  const named = NOT_FINITE[text.replace(/^[+-]/, "").toLowerCase()];
  return named === undefined ? undefined : text.startsWith("-") ? -named : named;
}

function toInteger(value: unknown): number | undefined {
  if (typeof value === "string") {
    const text = value.trim();
    return INTEGER.test(text) ? Number(text.replaceAll("_", "")) : undefined;
  }
  const n = toFloat(value);
  return n !== undefined && Number.isInteger(n) ? n : undefined;
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  if (typeof value !== "string") return undefined;
  const text = value.toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
}

const unquoted = (value: unknown): unknown => (value === "None" ? null : value);

function members(value: unknown, param: Param, wanted: string): readonly unknown[] {
  const items = ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  if (!Array.isArray(items)) refuse(value, wanted + limits(param));
  if (!within(items.length, param)) refuse(value, `${wanted}${limits(param)} values`);
  return items;
}

function convert(value: unknown, param: Param): unknown {
  switch (param.type) {
    case "integer":
    case "float": {
      const wanted = `${param.type === "integer" ? "a whole number" : "a number"}${limits(param)}`;
      const n = param.type === "integer" ? toInteger(value) : toFloat(value);
      if (n === undefined || !within(n, param)) refuse(value, wanted);
      return n;
    }
    case "boolean":
      return toBoolean(value) ?? refuse(value, "true or false");
    case "string":
      if (typeof value !== "string" || !within(value.length, param))
        refuse(value, `a string${limits(param) && ` of ${limits(param).trim()} characters`}`);
      return value;
    case "input_file":
    case "output_file":
      if (typeof value !== "string") refuse(value, "a file name");
      return value;
    case "option":
      if (!param.options?.includes(value as string))
        refuse(value, `one of ${param.options?.map((o) => (o === null ? "None" : o)).join(", ")}`);
      return value;
    case "reference":
      if (typeof value !== "string" && (typeof value !== "object" || Array.isArray(value)))
        refuse(value, "a file name or an open model");
      return value;
    case "list":
      return [...members(value, param, "a list")];
    case "force_list":
      return [...members(Array.isArray(value) || ArrayBuffer.isView(value) ? value : [value], param, "a list")];
    case "int_list":
      return members(value, param, "a list of whole numbers").map((v) => toInteger(v) ?? refuse(v, "a whole number"));
    case "float_list":
      return members(value, param, "a list of numbers").map((v) => toFloat(v) ?? refuse(v, "a number"));
    case "bool_list":
      return members(value, param, "a list of booleans").map((v) => toBoolean(v) ?? refuse(v, "true or false"));
    case "string_list":
      return members(value, param, "a list of strings").map((v) => (typeof v === "string" ? v : refuse(v, "a string")));
    default:
      return value;
  }
}

/**
 * A given value as the declared type. Texts are read as configuration files spell them: `true`, `1.5`, `None`.
 * @throws {ValidationError} naming the parameter, what was got and what is wanted
 */
export function coerce(name: string, given: unknown, param: Param): unknown {
  const value = unquoted(given);
  if (value === null) return null;
  try {
    return convert(value, param);
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause;
    throw new ValidationError(`parameter ${name}: ${cause.message}`, { where: name, got: show(given) });
  }
}

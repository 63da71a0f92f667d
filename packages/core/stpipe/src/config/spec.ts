import { ValidationError } from "@calwebb/errors";
import { coerce } from "../params/coerce.js";
import type { Param, ParamType } from "../params/types.js";
import type { Step } from "../step/types.js";
import { parseConfig } from "./parse.js";
import { type ConfigSection, emptySection, isSection } from "./tree.js";
import { formatTyped } from "./value.js";
import { writeConfig } from "./write.js";

const TYPES: Readonly<Record<string, ParamType>> = {
  integer: "integer",
  float: "float",
  boolean: "boolean",
  bool: "boolean",
  string: "string",
  option: "option",
  list: "list",
  force_list: "force_list",
  int_list: "int_list",
  float_list: "float_list",
  bool_list: "bool_list",
  string_list: "string_list",
  input_file: "input_file",
  output_file: "output_file",
  is_string_or_datamodel: "reference",
  pass: "any",
};

/** Split arguments at commas that are outside quotes and parentheses. */
function splitArguments(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let quote = "";
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quote) quote = c === quote ? "" : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === "(") depth++;
    else if (c === ")") depth--;
    else if (c === "," && depth === 0) {
      out.push(text.slice(at, i).trim());
      at = i + 1;
    }
  }
  out.push(text.slice(at).trim());
  return out.filter((a) => a !== "");
}

const isQuoted = (text: string): boolean => /^(["']).*\1$/s.test(text);
const bare = (text: string): string => (isQuoted(text) ? text.slice(1, -1) : text);

function readDefault(text: string): unknown {
  const list = /^list\s*\((.*)\)$/s.exec(text);
  if (list) return splitArguments(list[1]).map(bare);
  return text === "None" ? null : bare(text);
}

/**
 * Read one check of a configspec: `integer(min=1, default=3)`, `option('a', 'b', default='a')`, `float_list(2, 2, default=None)`.
 * @param help - text behind the check
 * @throws {ValidationError} for an unknown check or argument, or a default that the check refuses
 */
export function parseCheck(name: string, text: string, help = ""): Param {
  const match = /^\s*([A-Za-z_]\w*)\s*(?:\((.*)\))?\s*$/s.exec(text);
  const type = match ? TYPES[match[1]] : undefined;
  if (!match || !type)
    throw new ValidationError(`${name}: "${text}" is no check; known are ${Object.keys(TYPES).join(", ")}`, {
      where: name,
    });
  const positional: string[] = [];
  const named = new Map<string, string>();
  for (const argument of splitArguments(match[2] ?? "")) {
    const equals = /^(\w+)\s*=\s*(.*)$/s.exec(argument);
    if (equals) named.set(equals[1], equals[2].trim());
    else positional.push(argument);
  }
  for (const key of named.keys())
    if (!["min", "max", "default"].includes(key))
      throw new ValidationError(`${name}: ${match[1]} has no argument "${key}"`, { where: name });
  const limit = (key: "min" | "max", at: number): number | undefined => {
    const given = named.get(key) ?? (type === "option" ? undefined : positional[at]);
    if (given === undefined || given === "None") return undefined;
    const n = Number(bare(given));
    if (Number.isNaN(n)) throw new ValidationError(`${name}: ${key}=${given} is no number`, { where: name });
    return n;
  };
  const min = limit("min", 0);
  const max = limit("max", 1);
  const given = named.get("default");
  const param: Param = {
    type,
    default: null,
    help,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(type === "option" ? { options: positional.map((o) => (o === "None" ? null : bare(o))) } : {}),
    ...(given === undefined ? { required: true } : {}),
  };
  return Object.freeze(given === undefined ? param : { ...param, default: coerce(name, readDefault(given), param) });
}

/**
 * Read a configspec, a line `name = check  # help` for each parameter.
 * @throws {ValidationError} with the name of the parameter
 */
export function parseSpec(text: string): Record<string, Param> {
  const out: Record<string, Param> = {};
  const root = parseConfig(text, { lists: false, file: "configspec" });
  for (const [name, check] of root.entries) {
    if (isSection(check))
      throw new ValidationError(`configspec: [${name}]: parameters of a step have no sections`, { where: name });
    out[name] = parseCheck(name, String(check), (root.inline.get(name) ?? "").replace(/^#\s*/, ""));
  }
  return out;
}

function spell(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (Array.isArray(value)) return `list(${value.map(spell).join(", ")})`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? `'${value}'` : String(value);
}

function spellDefault(param: Param): string {
  return param.type === "float" && typeof param.default === "number"
    ? formatTyped(param.default, "float")
    : spell(param.default);
}

const NAMES: Partial<Record<ParamType, string>> = { reference: "is_string_or_datamodel", any: "pass" };

/** A parameter as a check: what {@link parseCheck} reads. */
export function formatCheck(param: Param): string {
  const parts: string[] = [];
  if (param.options) parts.push(...param.options.map(spell));
  if (param.min !== undefined) parts.push(`min=${param.min}`);
  if (param.max !== undefined) parts.push(`max=${param.max}`);
  if (!param.required) parts.push(`default=${spellDefault(param)}`);
  return `${NAMES[param.type] ?? param.type}(${parts.join(", ")})`;
}

function specSection(step: Step): ConfigSection {
  const section = emptySection();
  for (const [name, param] of Object.entries(step.allParameters)) {
    section.entries.set(name, formatCheck(param));
    if (param.help) section.inline.set(name, `# ${param.help}`);
  }
  if (step.kind !== "pipeline") return section;
  const steps = emptySection();
  for (const [alias, child] of Object.entries(step.steps)) {
    const inner = specSection(child);
    for (const [name, check] of [
      ["config_file", "string(default=None)"],
      ["name", "string(default='')"],
      ["class", "string(default='')"],
    ])
      inner.entries.set(name, check);
    steps.entries.set(alias, inner);
  }
  section.entries.set("steps", steps);
  return section;
}

/** The configspec of a step; a pipeline's has those of its steps under `[steps]`. */
export function formatSpec(step: Step): string {
  return writeConfig(specSection(step), true);
}

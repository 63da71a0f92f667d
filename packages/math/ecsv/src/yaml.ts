import type { MetaValue } from "./types.js";

/** Text that needs no quotes in a YAML flow collection and cannot be taken for another type. */
const PLAIN = /^[A-Za-z_(][A-Za-z0-9_ .()/;=+%-]*$/;
const WORDS = /^(?:true|false|yes|no|on|off|null|nan|y|n|inf)$/i;

/** A YAML scalar: plain where that is safe, in double quotes elsewhere. */
export function scalar(text: string): string {
  return PLAIN.test(text) && !WORDS.test(text) && !text.endsWith(" ") ? text : JSON.stringify(text);
}

function number(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  // YAML 1.1 wants a point in numbers with an exponent.
  const text = String(value);
  return /^-?\d+e/.test(text) ? text.replace("e", ".0e") : text;
}

/** A value in YAML flow style. */
export function flow(value: MetaValue): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return scalar(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  const entries = Object.entries(value as { [key: string]: MetaValue });
  return `{${entries.map(([k, v]) => `${scalar(k)}: ${flow(v)}`).join(", ")}}`;
}

import { ValidationError } from "@calwebb/errors";

/** A value of a configuration file before its parameter gives it a type. */
export type ConfigValue = string | string[];

export interface ParsedValue {
  readonly value: ConfigValue;
  /** Comment behind the value, with its `#`; empty when there is none. */
  readonly comment: string;
}

function malformed(text: string, why: string): never {
  throw new ValidationError(`cannot read the value ${text}: ${why}`, { got: text });
}

/** Read one item: a quoted string, or everything up to a comma or comment. Gives the item and where it ends. */
function item(text: string, start: number): readonly [string, number] {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, start + 1);
    if (end < 0) malformed(text, `the quote ${quote} is not closed`);
    return [text.slice(start + 1, end), end + 1];
  }
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "#") end++;
  return [text.slice(start, end).trimEnd(), end];
}

const skipBlanks = (text: string, at: number): number => {
  while (at < text.length && /\s/.test(text[at])) at++;
  return at;
};

/**
 * Read a value as configuration files and command lines spell it: `20`, `"a, b"`, `1, 2, 3`, `20,` (a list of one), `,` (an empty list).
 * @param lists - whether commas make a list; false keeps them in the value
 * @throws {ValidationError} for a quote that is not closed or text behind a quoted item
 */
export function parseValue(text: string, lists = true): ParsedValue {
  const trimmed = text.trim();
  if (!lists) {
    const [value, end] = /^["']/.test(trimmed) ? item(trimmed, 0) : plain(trimmed);
    return { value, comment: trimmed.slice(end).trim() };
  }
  const items: string[] = [];
  let isList = false;
  let at = 0;
  while (at < trimmed.length && trimmed[at] !== "#") {
    if (trimmed[at] === ",") {
      if (items.length === 0 && isList) malformed(text, "there is nothing between two commas");
      isList = true;
      at = skipBlanks(trimmed, at + 1);
      if (at >= trimmed.length || trimmed[at] === "#") break;
      if (trimmed[at] === ",") malformed(text, "there is nothing between two commas");
      if (items.length === 0) malformed(text, "it starts with a comma");
      continue;
    }
    if (items.length > 0 && !isList) malformed(text, "there is something behind the closing quote");
    const [value, end] = item(trimmed, at);
    items.push(value);
    at = skipBlanks(trimmed, end);
    if (at < trimmed.length && trimmed[at] !== "," && trimmed[at] !== "#")
      malformed(text, "there is something behind the closing quote");
  }
  const comment = trimmed.slice(at);
  return { value: isList ? items : (items[0] ?? ""), comment };
}

function plain(text: string): readonly [string, number] {
  const hash = text.indexOf("#");
  return hash < 0 ? [text, text.length] : [text.slice(0, hash).trimEnd(), hash];
}

/** Spell a value so that {@link parseValue} reads it back. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0
      ? ","
      : value.length === 1
        ? `${formatItem(value[0])},`
        : value.map(formatItem).join(", ");
  return formatItem(value);
}

function formatItem(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return formatNumber(value);
  const text = String(value);
  if (text !== "" && text.trim() === text && !/[,#"'\n]/.test(text)) return text;
  if (text.includes("\n")) return text.includes('"""') ? `'''${text}'''` : `"""${text}"""`;
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}

/** A number as Python shows it; whole numbers stay whole. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return String(value);
}

/** A value as its parameter has it: whole numbers of floating-point parameters keep their point, as Python writes them. */
export function formatTyped(value: unknown, type: string): string {
  if (type !== "float" && type !== "float_list") return formatValue(value);
  const point = (v: unknown): unknown =>
    typeof v === "number" && Number.isInteger(v) && Math.abs(v) < 1e16 ? `${v}.0` : v;
  return formatValue(Array.isArray(value) ? value.map(point) : point(value));
}

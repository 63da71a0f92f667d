import { BadLookup } from "./error.js";
import { Float, pythonFloat } from "./value.js";

const NUMBER = /^(?:[-+]?\d*\.?\d+(?:E[-+]?\d+)?|[-+]?\d+\.)$/;
// Only the last of these has to be the whole value.
const DONT_CARE = /^(?:-2147483648.0|\(\)|N\/A|NOT APPLICABLE|NOT_APPLICABLE$)/;

/** Text of a value as Python's `str` gives it. */
function text(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value instanceof Float) return pythonFloat(value.value);
  return String(value);
}

/**
 * The form in which values are compared: upper case without blanks around it, numbers as Python writes floats, `N/A` for what means
 * that, `*` for any, `T` and `F` for truth.
 */
export function conditionValue(value: unknown): string {
  let out = text(value).trim().toUpperCase();
  if (NUMBER.test(out)) out = pythonFloat(Number(out));
  if (DONT_CARE.test(out)) out = "N/A";
  if (out === "ANY") return "*";
  if (out === "4294967295.0") return "-1.0";
  if (out === "T" || out === "TRUE") return "T";
  if (out === "F" || out === "FALSE") return "F";
  return out;
}

/**
 * Prepare the metadata of a data set for look-ups: upper-case names, conditioned values. Values that are not strings, numbers or
 * booleans are left out.
 */
export function conditionHeader(header: Record<string, unknown>): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(header))
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      out.set(key.toUpperCase(), conditionValue(value));
  return out;
}

/** A date and time, in the parts that a comparison needs. */
interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

function integer(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new BadLookup(`invalid date or time part ${JSON.stringify(text)}`);
  return Number(text);
}

/** `01:02`, `01:02AM`, `01:02:03.456`; hour, minute, second, microsecond. */
function parseTime(given: string): Pick<Moment, "hour" | "minute" | "second" | "microsecond"> {
  let time = given.trim();
  const half = /(am|pm)$/i.exec(time)?.[1].toUpperCase();
  if (half) time = time.slice(0, -2);
  const parts = time.split(":");
  if (parts.length < 2 || parts.length > 4) throw new BadLookup(`invalid time ${JSON.stringify(given)}`);
  let hour = integer(parts[0]);
  const minute = integer(parts[1]);
  const seconds = parts[2] === undefined ? 0 : Number(parts[2]);
  if (parts[2]?.trim() === "" || !Number.isFinite(seconds))
    throw new BadLookup(`invalid time ${JSON.stringify(given)}`);
  const second = Math.trunc(seconds);
  if (half === "PM" && hour < 12) hour += 12;
  if (half === "AM" && hour === 12) hour = 0;
  return { hour, minute, second, microsecond: Math.trunc((seconds - second) * 1e6) };
}

/** `Jul 12 2022 01:02AM`, `12-Jul-2022`. */
function parseNamedMonth(given: string): Moment {
  const words = given
    .replace(/(?:\s+)(am|pm)$/i, "$1")
    .replace(/[-/]/g, " ")
    .trim()
    .split(/\s+/);
  if (words.length !== 3 && words.length !== 4) throw new BadLookup(`unknown date format ${JSON.stringify(given)}`);
  const month = (word: string) => MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1;
  const time = parseTime(words[3] ?? "00:00AM");
  const order = month(words[0]) > 0 ? [0, 1] : [1, 0];
  const number = month(words[order[0]]);
  if (number === 0) throw new BadLookup(`unknown month in ${JSON.stringify(given)}`);
  return { year: integer(words[2]), month: number, day: integer(words[order[1]].replace(/,$/, "")), ...time };
}

/** Dates in digits, in the orders that telescopes have used. */
function parseDigits(given: string): Moment {
  const [date, ...rest] = given.replaceAll("-", "/").trim().split(/\s+/);
  const time = parseTime(rest.length ? rest.join(" ") : "00:00:00");
  const packed = /^(\d{4})(\d\d)(\d\d):(\d\d)(\d\d)(\d\d)$/.exec(date);
  if (packed) {
    const [year, month, day, hour, minute, second] = packed.slice(1).map(Number);
    return { year, month, day, hour, minute, second, microsecond: 0 };
  }
  const parts = date.split("/").map(Number);
  if (/^\d\d\/\d\d\/\d{4}$/.test(date)) return { month: parts[0], day: parts[1], year: parts[2], ...time };
  if (/^\d{4}\/\d\d\/\d\d$/.test(date)) return { year: parts[0], month: parts[1], day: parts[2], ...time };
  if (/^\d\d\/\d\d\/9\d$/.test(date)) return { day: parts[0], month: parts[1], year: 1900 + parts[2], ...time };
  if (/^\d\d\/\d\d\/[0-3]\d$/.test(date)) return { day: parts[0], month: parts[1], year: 2000 + parts[2], ...time };
  throw new BadLookup(`unknown date format ${JSON.stringify(given)}`);
}

function parseDate(given: string): Moment {
  if (given.includes("UNDEFINED")) throw new BadLookup("One or more required date/time values is UNDEFINED");
  let date = given.endsWith(" UT") ? given.slice(0, -3) : given;
  if (/^\d{4}[-/]\d\d[-/]\d\dT\d\d(?::\d\d){1,2}(?:\.\d{1,6})?$/.test(date)) date = date.replace("T", " ");
  const m = /[A-Za-z]{3,10}/.test(date) ? parseNamedMonth(date) : parseDigits(date);
  const days = new Date(Date.UTC(2000 + (m.year % 400), m.month, 0)).getUTCDate();
  const good =
    m.year >= 1 && m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= days && m.hour >= 0 && m.hour < 24;
  if (!good || m.minute < 0 || m.minute > 59 || m.second < 0 || m.second > 59)
    throw new BadLookup(`there is no such date: ${JSON.stringify(given)}`);
  return m;
}

const pad = (n: number, width = 2) => String(n).padStart(width, "0");

/**
 * A date in any known form as `YYYY-MM-DD HH:MM:SS`, with `.ffffff` when the fraction is not zero.
 * @throws {BadLookup} when it is none
 */
export function reformatDate(given: string): string {
  const m = parseDate(given);
  const fraction = m.microsecond ? `.${pad(m.microsecond, 6)}` : "";
  return `${pad(m.year, 4)}-${pad(m.month)}-${pad(m.day)} ${pad(m.hour)}:${pad(m.minute)}:${pad(m.second)}${fraction}`;
}

/** Seconds from one date to another, without sign. */
export function secondsBetween(a: string, b: string): number {
  const seconds = (text: string) => {
    const m = parseDate(text);
    return Date.UTC(m.year, m.month - 1, m.day, m.hour, m.minute, m.second) / 1000 + m.microsecond / 1e6;
  };
  return Math.abs(seconds(a) - seconds(b));
}

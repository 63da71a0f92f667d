import { levelName } from "./levels.js";

/** One message of the log. */
export interface LogRecord {
  /** Dotted name of the logger. */
  readonly name: string;
  readonly level: number;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export const DEFAULT_FORMAT = "%(asctime)s - %(name)s - %(levelname)s - %(message)s";

const started = Date.now();
const two = (n: number): string => String(n).padStart(2, "0");

/** Local time as Python writes it: `2026-11-21 10:04:07,123`. */
export function asctime(time: number): string {
  const d = new Date(time);
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const ms = String(d.getMilliseconds()).padStart(3, "0");
  return `${day} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())},${ms}`;
}

type Attribute = (record: LogRecord) => string | number;

/** Attributes of Python's LogRecord. Those that tell places in Python code are answered with what comes nearest. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  asctime: (r) => asctime(r.time),
  created: (r) => r.time / 1000,
  msecs: (r) => r.time % 1000,
  relativeCreated: (r) => r.time - started,
  name: (r) => r.name,
  levelname: (r) => levelName(r.level),
  levelno: (r) => r.level,
  message: (r) => r.message,
  module: (r) => r.name.slice(r.name.lastIndexOf(".") + 1),
  filename: (r) => r.name.slice(r.name.lastIndexOf(".") + 1),
  pathname: (r) => r.name,
  funcName: () => "",
  lineno: () => 0,
  process: () => (globalThis as { process?: { pid?: number } }).process?.pid ?? 0,
  processName: () => "MainProcess",
  thread: () => 0,
  threadName: () => "MainThread",
};

const PLACE = /%(?:%|\((\w+)\)([-+ 0#]*)(\d+)?(?:\.(\d+))?([sdifgxXr]))/g;

function spell(
  value: string | number,
  flags: string,
  width: number,
  precision: number | undefined,
  type: string,
): string {
  let text = String(value);
  if (type === "d" || type === "i") text = String(Math.trunc(Number(value)));
  else if (type === "f") text = Number(value).toFixed(precision ?? 6);
  else if (type === "x" || type === "X") text = Math.trunc(Number(value)).toString(16);
  else if (precision !== undefined && type === "s") text = text.slice(0, precision);
  if (type === "X") text = text.toUpperCase();
  if (flags.includes("+") && type !== "s" && Number(value) >= 0) text = `+${text}`;
  if (flags.includes("-")) return text.padEnd(width);
  return text.padStart(width, flags.includes("0") && type !== "s" ? "0" : " ");
}

/** A record as text: `%(levelname)-8s %(message)s`; unknown attributes stay as they are written. */
export function formatRecord(format: string, record: LogRecord): string {
  return format.replace(PLACE, (whole, name: string, flags: string, width: string, precision: string, type: string) => {
    if (whole === "%%") return "%";
    const attribute = ATTRIBUTES[name];
    if (!attribute) return whole;
    return spell(
      attribute(record),
      flags,
      Number(width ?? 0),
      precision === undefined ? undefined : Number(precision),
      type,
    );
  });
}

import { StepFailed } from "@calwebb/errors";
import type { LoggerFactory } from "../run/options.js";
import type { Logger } from "../step/types.js";
import { DEFAULT_RULES, globToRegExp, type LogRule } from "./config.js";
import { DEFAULT_FORMAT, formatRecord, type LogRecord } from "./format.js";
import { LEVELS, levelName } from "./levels.js";

/** Takes finished lines, without their end. */
export type LogWriter = (line: string) => void;

export interface LoggingOptions {
  rules?: readonly LogRule[];
  /** Gives the writer of a handler: `stderr`, `file:run.log`; asked once for each. */
  open(handler: string): LogWriter;
  /** Sees every record that some rule lets pass. */
  onRecord?: (record: LogRecord) => void;
  now?: () => number;
}

interface Settings {
  level: number;
  breakLevel: number;
  handlers: readonly string[];
  format: string;
}

/** What holds for a logger: rules that match, later ones over earlier ones. */
export function settingsFor(name: string, rules: readonly LogRule[]): Settings {
  const out: Settings = { level: LEVELS["INFO"], breakLevel: 0, handlers: ["stderr"], format: DEFAULT_FORMAT };
  for (const rule of rules) {
    if (!globToRegExp(rule.pattern).test(name)) continue;
    out.level = rule.level ?? out.level;
    out.breakLevel = rule.breakLevel ?? out.breakLevel;
    out.handlers = rule.handlers ?? out.handlers;
    out.format = rule.format ?? out.format;
  }
  return out;
}

/** Loggers that write as rules say. */
export function createLogging(options: LoggingOptions): LoggerFactory {
  const rules = options.rules ?? DEFAULT_RULES;
  const writers = new Map<string, LogWriter>();
  const loggers = new Map<string, Logger>();
  const now = options.now ?? Date.now;
  const writer = (handler: string): LogWriter => {
    let found = writers.get(handler);
    if (!found) {
      found = handler === "null" ? () => {} : options.open(handler);
      writers.set(handler, found);
    }
    return found;
  };

  const make = (name: string): Logger => {
    const settings = settingsFor(name, rules);
    const log = (level: number, message: string): void => {
      if (level >= settings.level) {
        const record = { name, level, message, time: now() };
        options.onRecord?.(record);
        const line = formatRecord(settings.format, record);
        for (const handler of settings.handlers) writer(handler)(line);
      }
      if (settings.breakLevel > 0 && level >= settings.breakLevel)
        throw new StepFailed(`stopped by a message of level ${levelName(level)}: ${message}`, { step: name });
    };
    return {
      debug: (message) => log(10, message),
      info: (message) => log(20, message),
      warn: (message) => log(30, message),
      error: (message) => log(40, message),
      critical: (message) => log(50, message),
    };
  };
  return (name) => {
    let found = loggers.get(name);
    if (!found) {
      found = make(name);
      loggers.set(name, found);
    }
    return found;
  };
}

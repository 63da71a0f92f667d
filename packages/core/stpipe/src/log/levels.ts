import { ValidationError } from "@calwebb/errors";

/** Levels of importance, with the numbers that Python gives them. */
export const LEVELS: Readonly<Record<string, number>> = {
  NOTSET: 0,
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  WARN: 30,
  ERROR: 40,
  CRITICAL: 50,
  FATAL: 50,
};

const NAMES: Readonly<Record<number, string>> = { 10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL" };

export const levelName = (level: number): string => NAMES[level] ?? `Level ${level}`;

/** Number of a level given by name or number. @throws {ValidationError} */
export function parseLevel(text: string | number): number {
  const n = Number(text);
  if (text !== "" && Number.isInteger(n)) return n;
  const level = LEVELS[String(text).toUpperCase()];
  if (level === undefined)
    throw new ValidationError(`log level "${text}": wanted DEBUG, INFO, WARNING, ERROR, CRITICAL or a number`, {
      got: String(text),
    });
  return level;
}

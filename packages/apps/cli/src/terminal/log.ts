import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { IoError, UsageError } from "@calwebb/errors";
import {
  createLogging,
  LOG_CONFIG_FILES,
  type LoggerFactory,
  type LogRecord,
  type LogRule,
  type LogWriter,
  parseLevel,
  parseLogConfig,
} from "@calwebb/stpipe";
import type { Surroundings } from "../surroundings.js";

export type LogOptions = Readonly<Record<string, string | true>>;

const text = (value: string | true | undefined): string | undefined => (typeof value === "string" ? value : undefined);

/** The file that the log is configured by; undefined: none. @throws {UsageError} when the named one does not exist */
function configFile(named: string | undefined, cwd: string): string | undefined {
  if (named !== undefined) {
    const file = resolve(cwd, named);
    if (!existsSync(file)) throw new UsageError(`--logcfg: ${named} does not exist`, { file: named });
    return file;
  }
  return LOG_CONFIG_FILES.map((f) => resolve(cwd, f.replace(/^~/, homedir()))).find((f) => existsSync(f));
}

/** Rules of the log as the options say: verbosity and `--log-*` come before configuration files. */
export function logRules(options: LogOptions, cwd: string): LogRule[] {
  const level = text(options["log-level"]);
  const file = text(options["log-file"]);
  const stream = text(options["log-stream"]);
  const direct = options["verbose"] || options["quiet"] || [level, file, stream].some((v) => v !== undefined);
  if (stream !== undefined && !["stdout", "stderr", "null"].includes(stream))
    throw new UsageError(`--log-stream: got ${stream}, wanted stdout, stderr or null`, { got: stream });
  const found = direct ? undefined : configFile(text(options["logcfg"]), cwd);
  if (found) return parseLogConfig(readFileSync(found, "utf8"), found);
  const least = options["verbose"] ? "DEBUG" : options["quiet"] ? "ERROR" : (level ?? "INFO");
  return [
    { pattern: "*", level: parseLevel(least), handlers: [stream ?? "stderr", ...(file ? [`file:${file}`] : [])] },
  ];
}

/** Writers of handlers: streams of the process and files. */
export function logWriter(handler: string, surroundings: Surroundings): LogWriter {
  if (handler === "stdout") return (line) => surroundings.out(`${line}\n`);
  if (handler === "stderr") return (line) => surroundings.err(`${line}\n`);
  const [kind, ...rest] = handler.split(":");
  const file = resolve(surroundings.cwd, rest.join(":"));
  try {
    if (kind === "file") writeFileSync(file, "");
    else appendFileSync(file, "");
  } catch (cause) {
    throw new IoError(`cannot write the log file ${file}: ${(cause as Error).message}`, { file, cause });
  }
  return (line) => appendFileSync(file, `${line}\n`);
}

/** The loggers of a run. */
export function makeLogging(
  options: LogOptions,
  surroundings: Surroundings,
  onRecord?: (record: LogRecord) => void,
): LoggerFactory {
  return createLogging({
    rules: logRules(options, surroundings.cwd),
    open: (handler) => logWriter(handler, surroundings),
    ...(onRecord ? { onRecord } : {}),
  });
}

import { ValidationError } from "@calwebb/errors";
import { parseConfig } from "../config/parse.js";
import { isSection } from "../config/tree.js";
import { suggest } from "../params/suggest.js";
import { parseLevel } from "./levels.js";

/** Settings for the loggers whose names match a pattern. */
export interface LogRule {
  /** Glob over dotted names: `*`, `*.jump`. */
  readonly pattern: string;
  readonly level?: number;
  /** Messages of this level and above end the run. */
  readonly breakLevel?: number;
  /** `stderr`, `stdout`, `null`, `file:NAME`, `append:NAME`. */
  readonly handlers?: readonly string[];
  readonly format?: string;
}

/** Log everything from INFO on to the error stream. */
export const DEFAULT_RULES: readonly LogRule[] = [{ pattern: "*", level: 20, handlers: ["stderr"] }];

/** Where a log configuration is looked for when none is named; the first that exists is used whole. */
export const LOG_CONFIG_FILES: readonly string[] = [
  "stpipe-log.cfg",
  "~/.stpipe-log.cfg",
  "~/stpipe-log.cfg",
  "/etc/stpipe-log.cfg",
];

const KEYS = ["level", "break_level", "handler", "format"];
const HANDLER = /^(stdout|stderr|null|(file|append):.+)$/;

/** A regular expression for a Unix file name pattern: `*`, `?`, `[abc]`, `[!abc]`. */
export function globToRegExp(glob: string): RegExp {
  let source = "";
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i];
    if (c === "*") source += ".*";
    else if (c === "?") source += ".";
    else if (c === "[" && glob.indexOf("]", i + 2) > 0) {
      const end = glob.indexOf("]", i + 2);
      const inner = glob.slice(i + 1, end).replace(/[\\\]^]/g, "\\$&");
      source += inner.startsWith("!") ? `[^${inner.slice(1)}]` : `[${inner}]`;
      i = end;
    } else source += c.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  }
  return new RegExp(`^${source}$`, "s");
}

/**
 * Read a log configuration: a section per pattern with `level`, `break_level`, `handler`, `format`.
 * @throws {ValidationError} for an unknown key, level or handler
 */
export function parseLogConfig(text: string, file = "log configuration"): LogRule[] {
  const rules: LogRule[] = [];
  for (const [name, section] of parseConfig(text, { file }).entries) {
    if (!isSection(section))
      throw new ValidationError(`${file}: ${name} must be inside a section such as [*]`, { file });
    const value = (key: string): string | undefined => {
      const v = section.entries.get(key);
      return v === undefined || isSection(v) ? undefined : Array.isArray(v) ? v.join(",") : v;
    };
    for (const key of section.entries.keys())
      if (!KEYS.includes(key)) {
        const near = suggest(key, KEYS);
        throw new ValidationError(
          `${file}: [${name}] has no setting "${key}"${near ? `; did you mean ${near}?` : ""}`,
          {
            file,
            where: key,
          },
        );
      }
    const handlers = value("handler")
      ?.split(",")
      .map((h) => h.trim())
      .filter((h) => h !== "");
    const bad = handlers?.find((h) => !HANDLER.test(h));
    if (bad)
      throw new ValidationError(`${file}: handler "${bad}": wanted stdout, stderr, null, file:NAME or append:NAME`, {
        file,
        got: bad,
      });
    const level = value("level");
    const breakLevel = value("break_level");
    const format = value("format");
    rules.push({
      pattern: ["", ".", "root"].includes(name) ? "*" : name,
      ...(level === undefined ? {} : { level: parseLevel(level) }),
      ...(breakLevel === undefined ? {} : { breakLevel: parseLevel(breakLevel) }),
      ...(handlers ? { handlers } : {}),
      ...(format === undefined ? {} : { format }),
    });
  }
  return rules;
}

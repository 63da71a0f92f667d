import { ValidationError } from "@calwebb/errors";
import { type ConfigSection, emptySection } from "./tree.js";
import { type ConfigValue, parseValue } from "./value.js";

const HEADING = /^(\[+)\s*("[^"]*"|'[^']*'|[^'"\]\s][^\]]*?)\s*(\]+)\s*(#.*)?$/;
const KEYWORD = /^("[^"]*"|'[^']*'|[^'"=[\]\s#][^=]*?)\s*=(.*)$/;
const TRIPLE = /^\s*("""|''')/;

const bare = (name: string): string => (/^(["']).*\1$/.test(name) ? name.slice(1, -1) : name);

export interface ParseOptions {
  /** Name of the file, for messages. */
  file?: string;
  /** Whether commas make lists (default true); configspecs keep them. */
  lists?: boolean;
}

/** Reads lines one after the other; a value in triple quotes takes several. */
class Reader {
  readonly lines: readonly string[];
  readonly options: ParseOptions;
  at = 0;

  constructor(text: string, options: ParseOptions) {
    this.lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
    this.options = options;
  }

  fail(message: string, cause?: unknown): never {
    const { file } = this.options;
    throw new ValidationError(`${file ?? "configuration"}, line ${this.at + 1}: ${message}`, { file, cause });
  }

  /** The rest of a value that starts with triple quotes. */
  triple(rest: string, quotes: string): { value: string; comment: string } {
    let text = rest.trimStart().slice(3);
    for (;;) {
      const end = text.indexOf(quotes);
      if (end >= 0) return { value: text.slice(0, end), comment: text.slice(end + 3).trim() };
      if (this.at + 1 >= this.lines.length) this.fail(`the value that starts with ${quotes} does not end`);
      text += `\n${this.lines[++this.at]}`;
    }
  }

  value(rest: string): { value: ConfigValue; comment: string } {
    const quotes = TRIPLE.exec(rest)?.[1];
    if (quotes) return this.triple(rest, quotes);
    try {
      return parseValue(rest, this.options.lists ?? true);
    } catch (cause) {
      this.fail(cause instanceof Error ? cause.message : String(cause), cause);
    }
  }
}

/**
 * Read a configuration file: `key = value` lines, `[sections]`, `[[nested sections]]`, quotes, lists, comments, values over several lines
 * in triple quotes. Nothing is interpolated.
 * @throws {ValidationError} with the number of the line
 */
export function parseConfig(text: string, options: ParseOptions = {}): ConfigSection {
  const reader: Reader = new Reader(text, options);
  const root = emptySection();
  const path: ConfigSection[] = [root];
  let comments: string[] = [];
  for (; reader.at < reader.lines.length; reader.at++) {
    const line = reader.lines[reader.at].trim();
    if (line === "" || line.startsWith("#")) {
      comments.push(line);
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      const [, open, name, close, comment = ""] = heading;
      const depth = open.length;
      if (close.length !== depth) reader.fail(`the brackets of ${line} do not match`);
      if (depth > path.length)
        reader.fail(`section ${name} is nested too deep: there is no [${"[".repeat(depth - 2)} above`);
      path.length = depth;
      const parent = path[depth - 1];
      const key = bare(name);
      if (parent.entries.has(key)) reader.fail(`${key} is there twice`);
      const section = emptySection();
      parent.entries.set(key, section);
      parent.comments.set(key, comments);
      if (comment) parent.inline.set(key, comment);
      comments = [];
      path.push(section);
      continue;
    }
    const keyword = KEYWORD.exec(line);
    if (!keyword) reader.fail(`"${line}" is neither "key = value" nor a [section]`);
    const section = path[path.length - 1];
    const key = bare(keyword[1].trim());
    if (section.entries.has(key)) reader.fail(`${key} is there twice`);
    const { value, comment } = reader.value(keyword[2]);
    section.entries.set(key, value);
    section.comments.set(key, comments);
    if (comment) section.inline.set(key, comment);
    comments = [];
  }
  while (comments.length > 0 && comments[comments.length - 1] === "") comments.pop();
  root.final = comments;
  return root;
}

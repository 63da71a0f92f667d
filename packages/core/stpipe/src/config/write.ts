import { type ConfigSection, isSection } from "./tree.js";
import { formatValue } from "./value.js";

const KEY = /^[^'"=[\]\s#][^=#]*$/;
const quoted = (name: string): string => (KEY.test(name) ? name : `"${name}"`);

/** Text of a configuration: values first, then sections, with their comments. {@link parseConfig} reads it back. */
export function writeConfig(section: ConfigSection, raw = false): string {
  const lines: string[] = [];
  write(section, 0, lines, raw);
  lines.push(...section.final);
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

function write(section: ConfigSection, depth: number, lines: string[], raw: boolean): void {
  const indent = "    ".repeat(Math.max(0, depth - 1));
  const inner = "    ".repeat(depth);
  const note = (key: string, pad: string): void => {
    for (const comment of section.comments.get(key) ?? []) lines.push(comment ? pad + comment : "");
  };
  const behind = (key: string): string => {
    const comment = section.inline.get(key);
    return comment ? ` ${comment}` : "";
  };
  for (const [key, value] of section.entries) {
    if (isSection(value)) continue;
    note(key, depth === 0 ? "" : indent);
    const text = raw ? String(value) : formatValue(value);
    lines.push(`${depth === 0 ? "" : indent}${quoted(key)} = ${text}${behind(key)}`);
  }
  for (const [key, value] of section.entries) {
    if (!isSection(value)) continue;
    note(key, inner);
    lines.push(`${inner}${"[".repeat(depth + 1)}${quoted(key)}${"]".repeat(depth + 1)}${behind(key)}`);
    write(value, depth + 1, lines, raw);
  }
}

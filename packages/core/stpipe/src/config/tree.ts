import type { ConfigValue } from "./value.js";

/** A section of a configuration file: values and sections in their order, with the comments around them. */
export interface ConfigSection {
  readonly entries: Map<string, ConfigValue | ConfigSection>;
  /** Comment lines above an entry. */
  readonly comments: Map<string, readonly string[]>;
  /** Comment behind an entry. */
  readonly inline: Map<string, string>;
  /** Comment lines at the end of the file. */
  final: readonly string[];
}

export function emptySection(): ConfigSection {
  return { entries: new Map(), comments: new Map(), inline: new Map(), final: [] };
}

export function isSection(value: unknown): value is ConfigSection {
  return typeof value === "object" && value !== null && "entries" in value && value.entries instanceof Map;
}

/** Values as plain nested objects. */
export type ConfigObject = { [key: string]: unknown };

const isObject = (value: unknown): value is ConfigObject =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The values of a section and its sections, without comments. */
export function toObject(section: ConfigSection): ConfigObject {
  const out: ConfigObject = {};
  for (const [key, value] of section.entries) out[key] = isSection(value) ? toObject(value) : value;
  return out;
}

/** A section from plain nested objects. */
export function fromObject(object: Readonly<ConfigObject>): ConfigSection {
  const section = emptySection();
  for (const [key, value] of Object.entries(object))
    section.entries.set(key, isObject(value) ? fromObject(value) : (value as ConfigValue));
  return section;
}

/** Merge plain nested objects; values of later ones win, sections are merged. Nothing given is changed. */
export function mergeObjects(...objects: readonly Readonly<ConfigObject>[]): ConfigObject {
  const out: ConfigObject = {};
  for (const object of objects)
    for (const [key, value] of Object.entries(object)) {
      if (value === undefined) continue;
      const before = out[key];
      out[key] = isObject(value) ? mergeObjects(isObject(before) ? before : {}, value) : value;
    }
  return out;
}

import { BadLookup, NoMatch, RuleFormatError } from "./error.js";
import { EvaluationError, holds } from "./evaluate.js";
import { type Expr, parseAssignments, parseExpression } from "./python.js";
import { buildSelector, type Choice, type RuleSettings, type Selector } from "./selector.js";
import { sha1Hex } from "./sha1.js";
import { literal, PyDict, plain } from "./value.js";

/** Values that say that a type does not apply, and that it is left out of the answer. */
const NOT_APPLICABLE = new Set(["N/A", "TEMP_N/A", "n/a", "temp_n/a"]);
const OMITTED = new Set(["OMIT", "TEMP_OMIT", "omit"]);

/** The text of a mapping file, checked and taken apart. */
export interface MappingText {
  name: string;
  /** Members of the header; strings lower case unless in parentheses. */
  header: Record<string, unknown>;
  selector: Expr;
}

/**
 * Read a mapping file.
 * @param verify - compare the `sha1sum` of the header with the text
 * @throws {RuleFormatError}
 */
export function parseMapping(text: string, name: string, verify = true): MappingText {
  const parts = parseAssignments(text, name);
  for (const key of parts.keys())
    if (!["header", "selector", "comment"].includes(key))
      throw new RuleFormatError(`${name}: "${key}" may not be defined; only header, selector and comment may`);
  const header = parts.get("header");
  const selector = parts.get("selector");
  if (!header || !selector) throw new RuleFormatError(`${name}: has no ${header ? "selector" : "header"}`);
  const value = literal(header, name);
  if (!(value instanceof PyDict)) throw new RuleFormatError(`${name}: the header is not a dict`);
  const members = plain(value) as Record<string, unknown>;
  if (verify) {
    const sum = mappingChecksum(text);
    if (members.sha1sum === undefined) throw new RuleFormatError(`${name}: sha1sum is missing in the header`);
    if (members.sha1sum !== sum)
      throw new RuleFormatError(
        `${name}: sha1sum mismatch: the header says ${String(members.sha1sum)}, the text has ${sum}`,
      );
  }
  return { name, header: members, selector };
}

/** SHA-1 of the lines of a mapping that do not mention `sha1sum`. */
export function mappingChecksum(text: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return sha1Hex(new TextEncoder().encode(lines.filter((line) => !line.includes("sha1sum")).join("")));
}

/** Header text in lower case, unless it is an expression in parentheses. */
function lowered(header: Record<string, unknown>, key: string, otherwise: string): string {
  const value = header[key] ?? otherwise;
  const text = String(value);
  return text.startsWith("(") && text.endsWith(")") ? text : text.toLowerCase();
}

/** The selector of a .pmap or .imap: names of further mappings or special values, by lower-case key. */
export function contextEntries(mapping: MappingText): Map<string, string> {
  const value = literal(mapping.selector, mapping.name);
  if (!(value instanceof PyDict)) throw new RuleFormatError(`${mapping.name}: the selector is not a dict`);
  return new Map(value.entries.map(([k, v]) => [String(k).toLowerCase(), String(v)]));
}

/** What the rules say about one type. */
export type Outcome =
  | { kind: "file"; file: Choice }
  | { kind: "n/a" }
  | { kind: "omit" }
  | { kind: "none"; why: string };

/** The outcome that stands in a mapping in place of a file. */
export function specialOutcome(value: string): Outcome | undefined {
  if (NOT_APPLICABLE.has(value)) return { kind: "n/a" };
  if (OMITTED.has(value)) return { kind: "omit" };
  return undefined;
}

type Warn = (message: string) => void;

/** Parameters that every JWST rule may look at, beside its own. */
const EXTRA_KEYS = ["META.VISIT.TSOVISIT", "META.INSTRUMENT.LAMP_STATE"];

/** The rules of one type of one instrument. */
export class ReferenceRules {
  readonly name: string;
  private readonly selector: Selector;
  private readonly parkeys: readonly string[];
  private readonly relevance: Expr;
  private readonly omit: Expr;
  private readonly parkeyRelevance = new Map<string, Expr | "comment">();
  private readonly required: boolean;

  constructor(mapping: MappingText) {
    const { header, name } = mapping;
    this.name = name;
    const levels = header.parkey;
    if (!Array.isArray(levels)) throw new RuleFormatError(`${name}: the header has no parkey`);
    const names = levels.map((level) => (Array.isArray(level) ? level : [level]).map(String));
    const extra = Array.isArray(header.extra_keys) ? header.extra_keys.map(String) : [];
    this.parkeys = [...names.flat(), ...extra, ...EXTRA_KEYS];
    const merge = header.merge_overlaps;
    const settings: RuleSettings = {
      substitutions: readSubstitutions(header.substitutions),
      mergeOverlaps: merge === undefined || ["TRUE", "1"].includes(String(merge).toUpperCase()),
    };
    this.selector = buildSelector(mapping.selector, names, settings, name);
    const expression = (text: string) => parseExpression(text, name, true);
    this.relevance = expression(lowered(header, "rmap_relevance", "always").replaceAll("always", "True"));
    const omit = lowered(header, "rmap_omit", "False");
    this.omit = expression(omit === "false" ? "False" : omit);
    const relevant = (header.parkey_relevance ?? {}) as Record<string, unknown>;
    for (const [key, text] of Object.entries(relevant))
      this.parkeyRelevance.set(key.toLowerCase(), expression(String(text)));
    if (Array.isArray(header.comment_parkeys))
      for (const key of header.comment_parkeys) this.parkeyRelevance.set(String(key).toLowerCase(), "comment");
    this.required = ["yes", "none"].includes(lowered(header, "reffile_required", "NONE"));
  }

  /** Parameters that the rules look at. */
  get parameters(): readonly string[] {
    return this.parkeys;
  }

  /**
   * The best reference for a data set.
   * @param given - conditioned metadata
   */
  evaluate(given: ReadonlyMap<string, string>, warn: Warn): Outcome {
    const header = new Map(given);
    for (const key of this.parkeys) if (!header.has(key)) header.set(key, "UNDEFINED");
    const variable = variables(header);
    if (this.check(this.omit, variable, "rmap_omit", false, warn)) return { kind: "omit" };
    if (!this.check(this.relevance, variable, "rmap_relevance", true, warn)) return { kind: "n/a" };
    try {
      for (const key of this.parkeys) {
        const expression = this.parkeyRelevance.get(key.toLowerCase());
        if (expression !== undefined && (expression === "comment" || !holds(expression, variable)))
          header.set(key, "N/A");
      }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return { kind: "none", why: error.message };
    }
    try {
      const file = this.selector.choose(header);
      const special = typeof file === "string" ? specialOutcome(file) : undefined;
      return special ?? { kind: "file", file };
    } catch (error) {
      if (!(error instanceof NoMatch || error instanceof BadLookup)) throw error;
      return this.required ? { kind: "none", why: error.message } : { kind: "n/a" };
    }
  }

  private check(
    expression: Expr,
    variable: (name: string) => string | boolean | undefined,
    what: string,
    otherwise: boolean,
    warn: Warn,
  ): boolean {
    try {
      return holds(expression, variable);
    } catch (error) {
      warn(`${this.name}: ${what} cannot be evaluated: ${error instanceof Error ? error.message : String(error)}`);
      return otherwise;
    }
  }
}

/** Names in expressions are those of the metadata with underscores for dots; what the data set lacks is UNDEFINED. */
function variables(header: ReadonlyMap<string, string>): (name: string) => string | boolean | undefined {
  const values = new Map([...header].map(([key, value]) => [key.replaceAll(".", "_"), value]));
  return (name) => {
    if (name === "keep_comments") return false;
    return values.get(name) ?? (name.startsWith("META_") ? "UNDEFINED" : undefined);
  };
}

function readSubstitutions(given: unknown): Map<string, Map<string, string>> {
  const generic = new Map([["GENERIC", "N/A"]]);
  const out = new Map<string, Map<string, string>>([
    ["META.SUBARRAY.NAME", generic],
    ["SUBARRAY", generic],
  ]);
  for (const [key, values] of Object.entries((given ?? {}) as Record<string, Record<string, unknown>>))
    out.set(key, new Map(Object.entries(values).map(([k, v]) => [k, Array.isArray(v) ? v.join("|") : String(v)])));
  return out;
}

/** The metadata with the instrument's name found under any of its usual keys. */
export function instrumentOf(header: ReadonlyMap<string, string>, parkey: string): string | undefined {
  for (const key of [parkey.toUpperCase(), "INSTRUME", "INSTRUMENT", "META.INSTRUMENT.NAME", "META.INSTRUMENT.TYPE"]) {
    const value = header.get(key);
    if (value !== undefined && value !== "UNDEFINED") return value.toLowerCase();
  }
  return undefined;
}

import { conditionValue, reformatDate, secondsBetween } from "./condition.js";
import { BadLookup, NoMatch, RuleFormatError } from "./error.js";
import { parseFloat64 } from "./matcher.js";
import { parseExpression } from "./python.js";
import { type Branch, type Choice, choose, type Entries, type LookupHeader, type Selector } from "./selector.js";
import { Float, literal, type PyValue, repr, Tuple } from "./value.js";

const noMerge = (kind: string): never => {
  throw new BadLookup(`More than one match was found at the same weight and ${kind} does not support merging.`);
};

/** Value of a parameter that has to be there. */
function required(header: LookupHeader, kind: string, name: string): string {
  const value = header.get(name);
  if (value === undefined) throw new BadLookup(`${kind} required lookup parameter '${name}' is undefined.`);
  return value;
}

function requiredNumber(header: LookupHeader, kind: string, name: string): number {
  const value = required(header, kind, name);
  const number = parseFloat64(value);
  if (number === undefined) throw new BadLookup(`${kind} Invalid number for '${name}' value = ${repr(value)}`);
  return number;
}

/** The date that the parameters of a data set give. */
function lookupDate(header: LookupHeader, kind: string, parameters: readonly string[]): string {
  const parts = parameters.map((name) => {
    const value = required(header, kind, name).trim();
    if (value === "UNDEFINED") throw new BadLookup(`UseAfter parameter '${name}' is UNDEFINED.`);
    return value;
  });
  const date = parts.join(" ").trim();
  try {
    return reformatDate(date);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadLookup(
      `${kind} Invalid date/time format for ${repr(new Tuple([...parameters]))} value = ${repr(date)} exception is ${repr(why)}`,
    );
  }
}

const sorted = <K>(entries: readonly (readonly [K, Branch])[], compare: (a: K, b: K) => number) =>
  [...entries].sort((a, b) => compare(a[0], b[0]));

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Entries of two rules with text as keys. */
function mergeEntries(own: TextEntries, others: TextEntries, kind: string): TextEntries {
  const merged = new Map<string, Branch>(own);
  for (const [key, branch] of others) {
    const present = merged.get(key);
    if (present !== undefined && (typeof present !== "string" || typeof branch !== "string")) return noMerge(kind);
    // At the same key the later name wins.
    if (present === undefined || present < branch) merged.set(key, branch);
  }
  return [...merged];
}

type TextEntries = readonly (readonly [string, Branch])[];

/** Chooses the entry with the latest date that is not after the data set's. Dates are compared as text. */
export class UseAfter implements Selector {
  readonly kind: string = "UseAfter";
  protected readonly parameters: readonly string[];
  protected readonly entries: readonly (readonly [string, Branch])[];

  constructor(parameters: readonly string[], entries: Entries) {
    this.parameters = parameters;
    this.entries = sorted(
      entries.map(([k, b]) => [String(k), b] as const),
      byText,
    );
  }

  protected select(date: string): Branch {
    let found: Branch | undefined;
    for (const [key, branch] of this.entries) if (key <= date) found = branch;
    if (found === undefined) throw new NoMatch(`No selection <= ${repr(date)}`);
    return found;
  }

  choose(header: LookupHeader): Choice {
    return choose(this.select(lookupDate(header, this.kind, this.parameters)), header);
  }

  merge(other: Branch): Selector {
    if (!(other instanceof UseAfter)) return noMerge(this.kind);
    return this.again(mergeEntries(this.entries, other.entries, this.kind));
  }

  protected again(entries: Entries): Selector {
    return new UseAfter(this.parameters, entries);
  }
}

/** Chooses the entry nearest in time; the earlier one when two are as near. */
export class ClosestTime extends UseAfter {
  override readonly kind = "ClosestTime";

  protected override select(date: string): Branch {
    let best = Number.POSITIVE_INFINITY;
    let found: Branch | undefined;
    for (const [key, branch] of this.entries) {
      const distance = Math.fround(secondsBetween(date, key));
      if (distance < best) {
        best = distance;
        found = branch;
      }
    }
    if (found === undefined) throw new BadLookup("ClosestTime has no entries");
    return found;
  }

  protected override again(entries: Entries): Selector {
    return new ClosestTime(this.parameters, entries);
  }
}

const VERSION = /^(\d+(?:\.\d+){0,2})/;

/** The leading three numbers of a version, missing ones zero. */
function versionNumbers(text: string): number[] {
  const m = VERSION.exec(text);
  if (!m) throw new BadLookup(`Invalid version string ${repr(text)}`);
  const parts = m[1].split(".").map(Number);
  while (parts.length < 3) parts.push(0);
  return parts;
}

const byVersion = (a: readonly number[], b: readonly number[]): number => {
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
};

/** Chooses the entry with the greatest version that is not above the data set's. */
export class VersionAfter implements Selector {
  readonly kind = "VersionAfter";
  private readonly parameters: readonly string[];
  private readonly entries: readonly (readonly [number[], Branch])[];

  constructor(parameters: readonly string[], entries: Entries) {
    this.parameters = parameters;
    this.entries = sorted(
      entries.map(([k, b]) => [versionNumbers(String(k)), b] as const),
      byVersion,
    );
  }

  choose(header: LookupHeader): Choice {
    const text = this.parameters.map((name) => required(header, this.kind, name)).join(".");
    const version = versionNumbers(text);
    let found: Branch | undefined;
    for (const [key, branch] of this.entries) if (byVersion(key, version) <= 0) found = branch;
    if (found === undefined) throw new NoMatch(`No selection <= ${repr(new Tuple(version))}`);
    return choose(found, header);
  }

  merge(other: Branch): Selector {
    if (!(other instanceof VersionAfter)) return noMerge(this.kind);
    const text = (entries: readonly (readonly [number[], Branch])[]): TextEntries =>
      entries.map(([key, branch]) => [key.join("."), branch] as const);
    return new VersionAfter(this.parameters, mergeEntries(text(this.entries), text(other.entries), this.kind));
  }
}

/** Chooses the entry with the nearest number. */
export class GeometricallyNearest implements Selector {
  readonly kind = "GeometricallyNearest";
  private readonly parameters: readonly string[];
  private readonly entries: readonly (readonly [number, Branch])[];

  constructor(parameters: readonly string[], entries: Entries) {
    this.parameters = parameters;
    // The order decides between entries that are as near: it is that of the keys as text.
    const texts = entries.map(([k, b]) => [conditionValue(k), b] as const);
    this.entries = sorted(texts, byText).map(([k, b]) => [Math.fround(Number(k)), b] as const);
  }

  choose(header: LookupHeader): Choice {
    const value = Math.fround(requiredNumber(header, this.kind, this.parameters[0]));
    let best = Number.POSITIVE_INFINITY;
    let found: Branch | undefined;
    for (const [key, branch] of this.entries) {
      const distance = Math.abs(Math.fround(key - value));
      if (distance < best) {
        best = distance;
        found = branch;
      }
    }
    if (found === undefined) throw new BadLookup("GeometricallyNearest has no entries");
    return choose(found, header);
  }

  merge(): Selector {
    return noMerge(this.kind);
  }
}

/** Chooses the two entries on either side of a number. */
export class Bracket implements Selector {
  readonly kind = "Bracket";
  private readonly parameters: readonly string[];
  private readonly entries: readonly (readonly [number, Branch])[];

  constructor(parameters: readonly string[], entries: Entries) {
    this.parameters = parameters;
    const numbers = entries.map(([k, b]) => [k instanceof Float ? k.value : Number(k), b] as const);
    this.entries = sorted(numbers, (a, b) => a - b);
  }

  choose(header: LookupHeader): Choice {
    const value = requiredNumber(header, this.kind, this.parameters[0]);
    const { entries } = this;
    const above = entries.findIndex(([key]) => !(value > key));
    const high = above < 0 ? entries.length - 1 : above;
    const inside = above > 0 && entries[above][0] !== value;
    return [entries[inside ? high - 1 : high], entries[high]].flatMap(([, branch]) => choose(branch, header));
  }

  merge(): Selector {
    return noMerge(this.kind);
  }
}

/** A version in a relation: a number, or a tuple of numbers. */
type Version = number | readonly number[];

interface Relation {
  version: Version;
  relation: string;
}

function parseRelation(text: string, file: string): Relation {
  if (text.replaceAll("=", "").trim() === "default") return { version: Number.MAX_SAFE_INTEGER, relation: "=" };
  const m = /^(==?|<=?)?\s*(.*)$/s.exec(text)!;
  let value: PyValue;
  try {
    value = literal(parseExpression(m[2], file), file);
  } catch {
    throw new BadLookup(`Invalid version expression in: ${repr(text)}`);
  }
  const number = (v: PyValue) => (v instanceof Float ? v.value : v);
  const plain = value instanceof Tuple ? value.items.map(number) : number(value);
  const good = Array.isArray(plain) ? plain.every((x) => typeof x === "number") : typeof plain === "number";
  if (!good) throw new BadLookup(`Invalid version expression in: ${repr(text)}`);
  return { version: plain as Version, relation: (m[1] ?? "=").replace("==", "=") };
}

function compareRelations(a: Relation, b: Relation): number {
  const x = a.version;
  const y = b.version;
  if (typeof x === "number" && typeof y === "number") return x - y || byText(a.relation, b.relation);
  if (typeof x === "number" || typeof y === "number")
    throw new BadLookup(`Incompatible version expression types: ${String(x)} and ${String(y)}`);
  for (let i = 0; i < x.length && i < y.length; i++) if (x[i] !== y[i]) return x[i] - y[i];
  return x.length - y.length || byText(a.relation, b.relation);
}

/** Chooses the first of its ordered relations (`<3.1`, `=4`, `default`) that is not below the data set's version. */
export class SelectVersion implements Selector {
  readonly kind = "SelectVersion";
  private readonly parameters: readonly string[];
  private readonly entries: readonly (readonly [Relation, Branch])[];

  constructor(parameters: readonly string[], entries: Entries, file: string) {
    this.parameters = parameters;
    try {
      this.entries = sorted(
        entries.map(([k, b]) => [parseRelation(String(k), file), b] as const),
        compareRelations,
      );
    } catch (error) {
      throw new RuleFormatError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  choose(header: LookupHeader): Choice {
    const text = required(header, this.kind, this.parameters[0]);
    // Values are conditioned to upper case, which "default" is not written in.
    const relation = parseRelation(text.toLowerCase(), this.parameters[0]);
    const found = this.entries.find(([key]) => compareRelations(key, relation) >= 0);
    if (!found) throw new BadLookup(`no version relation of ${this.kind} covers ${repr(text)}`);
    return choose(found[1], header);
  }

  merge(): Selector {
    return noMerge(this.kind);
  }
}

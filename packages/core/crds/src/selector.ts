import { BadLookup, NoMatch, RuleFormatError } from "./error.js";
import { alternatives, checkKnown, conditionElement, isEsoteric, type Matcher, matcher } from "./matcher.js";
import { Bracket, ClosestTime, GeometricallyNearest, SelectVersion, UseAfter, VersionAfter } from "./ordered.js";
import type { Expr } from "./python.js";
import { literal, PyDict, type PyValue, repr, Tuple } from "./value.js";

/** Conditioned values of the data set by name of the parameter. */
export type LookupHeader = ReadonlyMap<string, string>;

/** What a look-up ends with: a file name, or several. */
export type Choice = string | readonly string[];

/** A rule: maps keys to choices or to further rules. */
export interface Selector {
  readonly kind: string;
  /** The choice for a data set. @throws {NoMatch} @throws {BadLookup} */
  choose(header: LookupHeader): Choice;
  /** One rule with the entries of both. */
  merge(other: Branch): Selector;
}

export type Branch = Selector | Choice;
export type Entries = readonly (readonly [PyValue, Branch])[];

/** What the header of an .rmap says about its selectors. */
export interface RuleSettings {
  /** parameter -> value as written -> value to use. */
  substitutions: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Merge the rules that match equally well; otherwise that is an error. */
  mergeOverlaps: boolean;
}

export const isSelector = (branch: Branch): branch is Selector => typeof branch === "object" && "choose" in branch;

export function choose(branch: Branch, header: LookupHeader): Choice {
  return isSelector(branch) ? branch.choose(header) : branch;
}

type Maker = (parameters: readonly string[], entries: Entries, settings: RuleSettings, file: string) => Selector;

const MAKERS: Record<string, Maker> = {
  Match: (parameters, entries, settings, file) => new Match(parameters, entries, settings, file),
  UseAfter: (parameters, entries) => new UseAfter(parameters, entries),
  VersionAfter: (parameters, entries) => new VersionAfter(parameters, entries),
  ClosestTime: (parameters, entries) => new ClosestTime(parameters, entries),
  GeometricallyNearest: (parameters, entries) => new GeometricallyNearest(parameters, entries),
  Bracket: (parameters, entries) => new Bracket(parameters, entries),
  SelectVersion: (parameters, entries, _, file) => new SelectVersion(parameters, entries, file),
};

/**
 * Build the rules of an .rmap from its `selector` expression.
 * @param parkeys - names of the parameters, one list per level of nesting
 */
export function buildSelector(
  expr: Expr,
  parkeys: readonly (readonly string[])[],
  settings: RuleSettings,
  file: string,
): Selector {
  if (expr.kind !== "call" || !Object.hasOwn(MAKERS, expr.name))
    throw new RuleFormatError(
      `${file}: ${expr.kind === "call" ? `"${expr.name}"` : `a ${expr.kind}`} stands where one of ${Object.keys(MAKERS).join(", ")} has to be`,
    );
  const dict = expr.args[0];
  if (expr.args.length !== 1 || dict.kind !== "dict") throw new RuleFormatError(`${file}: ${expr.name} wants one dict`);
  if (parkeys.length === 0) throw new RuleFormatError(`${file}: selectors are nested deeper than parkey says`);
  const seen = new Set<string>();
  const entries = dict.items.map(([k, v]): readonly [PyValue, Branch] => {
    const key = literal(k, file);
    const text = repr(key);
    if (seen.has(text)) throw new RuleFormatError(`${file}: ${expr.name} has the key ${text} twice`);
    seen.add(text);
    return [
      key,
      v.kind === "call" ? buildSelector(v, parkeys.slice(1), settings, file) : terminal(literal(v, file), file),
    ];
  });
  return MAKERS[expr.name](parkeys[0], entries, settings, file);
}

function terminal(value: PyValue, file: string): Choice {
  if (typeof value === "string") return value;
  const files =
    value instanceof Tuple ? value.items : value instanceof PyDict ? value.entries.map((entry) => entry[1]) : [];
  if (files.length && files.every((f) => typeof f === "string")) return files as string[];
  throw new RuleFormatError(`${file}: ${repr(value)} is neither a file name nor several`);
}

interface Candidate {
  key: readonly string[];
  matchers: readonly Matcher[];
  branch: Branch;
}

const compareKeys = (a: readonly string[], b: readonly string[]): number => {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return a.length - b.length;
};

const elementsOf = (key: PyValue): readonly PyValue[] => (key instanceof Tuple ? key.items : [key]);

/**
 * Replace elements of keys as the header of the .rmap says, one parameter after the other. A key that becomes equal to another one
 * takes its place, as in the reference client.
 */
function substituted(parameters: readonly string[], entries: Entries, settings: RuleSettings): Entries {
  const byKey = new Map(entries.map((entry) => [repr(entry[0]), entry]));
  parameters.forEach((parameter, i) => {
    const substitutes = settings.substitutions.get(parameter);
    if (!substitutes) return;
    for (const text of [...byKey.keys()]) {
      const entry = byKey.get(text)!;
      const elements = elementsOf(entry[0]);
      const element = elements[i];
      const substitute = typeof element === "string" ? substitutes.get(element) : undefined;
      if (substitute === undefined) continue;
      const key =
        entry[0] instanceof Tuple ? new Tuple(elements.map((e, k) => (k === i ? substitute : e))) : substitute;
      byKey.delete(text);
      byKey.set(repr(key), [key, entry[1]]);
    }
  });
  return [...byKey.values()];
}

/** Chooses the entry whose key fits best: the one with the most elements that matter and match. */
export class Match implements Selector {
  readonly kind = "Match";
  private readonly parameters: readonly string[];
  private readonly settings: RuleSettings;
  private readonly candidates: readonly Candidate[];
  private readonly known: readonly (readonly string[])[];

  constructor(parameters: readonly string[], entries: Entries, settings: RuleSettings, file: string) {
    this.parameters = parameters;
    this.settings = settings;
    const seen = new Set<string>();
    this.candidates = substituted(parameters, entries, settings)
      .map(([raw, branch]): Candidate => {
        const elements = elementsOf(raw);
        if (elements.length !== parameters.length)
          throw new RuleFormatError(
            `${file}: the key ${repr(raw)} has not one element for each of ${parameters.join(", ")}`,
          );
        const key = elements.map(conditionElement);
        const text = JSON.stringify(key);
        if (seen.has(text)) throw new RuleFormatError(`${file}: Match has the key ${repr(raw)} twice`);
        seen.add(text);
        return { key, matchers: key.map(matcher), branch };
      })
      .sort((a, b) => compareKeys(a.key, b.key));
    this.known = parameters.map((_, i) => {
      const elements = this.candidates.map((c) => c.key[i]);
      if (elements.some(isEsoteric)) return [];
      return [...new Set(elements.flatMap(alternatives))].sort((a, b) => (a < b ? -1 : 1));
    });
  }

  choose(header: LookupHeader): Choice {
    this.parameters.forEach((name, i) => {
      const value = header.get(name);
      if (value === undefined && !this.known[i].includes("N/A"))
        throw new BadLookup(`Match required lookup parameter '${name}' is undefined.`);
      checkKnown(name, value ?? "UNDEFINED", this.known[i], this.settings.substitutions.get(name), (v) => repr([...v]));
    });
    const byWeight = new Map<number, Candidate[]>();
    for (const candidate of this.candidates) {
      const weight = this.weigh(candidate, header);
      if (weight === undefined) continue;
      const group = byWeight.get(weight);
      if (group) group.push(candidate);
      else byWeight.set(weight, [candidate]);
    }
    for (const weight of [...byWeight.keys()].sort((a, b) => b - a)) {
      try {
        return choose(this.combine(byWeight.get(weight)!), header);
      } catch (error) {
        if (!(error instanceof NoMatch)) throw error;
      }
    }
    throw new NoMatch("No match found.");
  }

  /** Number of elements that match; undefined when one does not. */
  private weigh({ matchers }: Candidate, header: LookupHeader): number | undefined {
    let weight = 0;
    for (let i = 0; i < matchers.length; i++) {
      const status = matchers[i](header.get(this.parameters[i]) ?? "UNDEFINED");
      if (status === -1) return undefined;
      weight += status;
    }
    return weight;
  }

  private combine(group: readonly Candidate[]): Branch {
    if (group.length === 1) return group[0].branch;
    if (!this.settings.mergeOverlaps) throw new BadLookup("More than one match clause matched.");
    const [first, ...others] = group.map((c) => c.branch);
    if (!isSelector(first)) return [first, ...others].flatMap((b) => (isSelector(b) ? [] : b));
    return others.reduce<Selector>((sum, other) => sum.merge(other), first);
  }

  merge(): Selector {
    throw new BadLookup("More than one match was found at the same weight and Match does not support merging.");
  }
}

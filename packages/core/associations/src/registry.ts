import { Association, type RegisteredRule } from "./association.js";
import { compileConstraint } from "./constraint/compile.js";
import type { AnyConstraint } from "./constraint/declare.js";
import type { Reprocess } from "./constraint/types.js";
import { AssociationError } from "./errors.js";
import { type FinalizeError, finalizeAll } from "./finalize/finalize.js";
import { notAnAssociation, type Schema, validateAssociation } from "./io/schema.js";
import type { PoolRow } from "./pool/row.js";
import type { Rule } from "./rule.js";

/** Marks what a module of rules exports; everything else in the module is left alone. */
const MARK: unique symbol = Symbol.for("calwebb.association-rule") as never;
const CALLBACK: unique symbol = Symbol.for("calwebb.association-callback") as never;

export type FinalizeCallback = (associations: Association[]) => Association[];

/** Mark a rule of one's own for registries that read its module. */
export function markRule<T extends Rule>(rule: T): T {
  Object.defineProperty(rule, MARK, { value: true });
  return rule;
}

/** Mark a function that changes the list of associations at the end. */
export function markCallback<T extends FinalizeCallback>(callback: T): T {
  Object.defineProperty(callback, CALLBACK, { value: "finalize" });
  return callback;
}

const isRule = (value: unknown): value is Rule =>
  typeof value === "object" && value !== null && "constraints" in value && "makeMember" in value && "name" in value;

const isConstraint = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "group";

/** Rules and callbacks that a module exports: marked ones, and rules whose export begins with `Asn_`. */
export function rulesOf(module: Readonly<Record<string, unknown>>): { rules: Rule[]; callbacks: FinalizeCallback[] } {
  const rules: Rule[] = [];
  const callbacks: FinalizeCallback[] = [];
  for (const key of Object.keys(module).sort()) {
    const value = module[key];
    if (Array.isArray(value)) rules.push(...value.filter((v) => isRule(v) && MARK in v));
    else if (isRule(value) && (MARK in value || key.startsWith("Asn_"))) rules.push(value);
    else if (typeof value === "function" && CALLBACK in value) callbacks.push(value as unknown as FinalizeCallback);
  }
  return { rules: [...new Set(rules)], callbacks };
}

/** A list of rules, or a module that exports rules and callbacks. */
export type RuleSource = Readonly<Record<string, unknown>> | readonly Rule[];

export interface RegistryOptions {
  /** Lists of rules, or modules that export them; later ones come after earlier ones. */
  readonly definitions: readonly RuleSource[];
  /** Put before the name of every rule: `candidate_Asn_Lv3Image`. */
  readonly name?: string;
  /** A constraint that every rule gets in addition. */
  readonly globalConstraint?: AnyConstraint;
}

/** What matching one row over a registry gives. */
export interface MatchResult {
  readonly associations: Association[];
  readonly reprocess: { readonly rule: RegisteredRule; readonly wanted: Reprocess }[];
}

/** The rules of a run, by name. */
export class AssociationRegistry implements Iterable<[string, RegisteredRule]> {
  readonly name: string | undefined;
  readonly callbacks: FinalizeCallback[] = [];
  private readonly rules = new Map<string, RegisteredRule>();
  private readonly drafts = new Map<RegisteredRule, Association>();
  private readonly globalConstraint: AnyConstraint | undefined;
  private nextOrder = 0;

  /** @throws AssociationError when there are no rules */
  constructor(options: RegistryOptions) {
    this.name = options.name;
    this.globalConstraint = options.globalConstraint;
    for (const definition of options.definitions) {
      if (Array.isArray(definition)) {
        for (const rule of definition) this.add(rule as Rule);
        continue;
      }
      const { rules, callbacks } = rulesOf(definition as Readonly<Record<string, unknown>>);
      for (const rule of rules) this.add(rule);
      this.callbacks.push(...callbacks);
    }
    if (this.rules.size === 0)
      throw new AssociationError(
        "there are no rules; those of the stages are in @calwebb/asn-level2 and @calwebb/asn-level3",
      );
  }

  /** Add a rule; a later one of the same name takes the place of the earlier. */
  add(rule: Rule): RegisteredRule {
    const name = this.name === undefined ? rule.name : `${this.name}_${rule.name}`;
    if (!isConstraint(rule.constraints))
      throw new AssociationError(`rule ${rule.name}: its constraints are not made with all, any, ... or Constraint`);
    const constraint =
      this.globalConstraint === undefined ? rule.constraints : rule.constraints.with(this.globalConstraint);
    const registered: RegisteredRule = {
      name,
      rule,
      constraints: compileConstraint(constraint),
      ruleset: this.name,
      order: this.nextOrder++,
    };
    this.rules.set(name, registered);
    return registered;
  }

  /** Take over the rules and callbacks of another registry, under their names there. */
  update(other: AssociationRegistry): this {
    for (const [name, registered] of other) this.rules.set(name, { ...registered, order: this.nextOrder++ });
    this.callbacks.push(...other.callbacks);
    return this;
  }

  get size(): number {
    return this.rules.size;
  }

  [Symbol.iterator](): Iterator<[string, RegisteredRule]> {
    return this.rules[Symbol.iterator]();
  }

  values(): RegisteredRule[] {
    return [...this.rules.values()];
  }

  /** A rule by its name here, its own name, or one of its other names. */
  get(name: string): RegisteredRule | undefined {
    return (
      this.rules.get(name) ??
      this.values().find((r) => r.rule.name === name) ??
      this.values().find((r) => r.rule.aliases.includes(name))
    );
  }

  /** Try a rule on a row: a new association if the row fits. */
  create(
    registered: RegisteredRule,
    item: PoolRow,
    versionId: string | null = null,
  ): [Association | undefined, readonly Reprocess[]] {
    if (!registered.constraints.mayMatch(item)) return [undefined, []];
    let draft = this.drafts.get(registered);
    if (draft === undefined) {
      draft = new Association(registered, versionId);
      this.drafts.set(registered, draft);
    }
    draft.versionId = versionId;
    let result: ReturnType<Association["add"]>;
    try {
      result = draft.add(item);
    } catch (error) {
      this.drafts.delete(registered);
      throw error;
    }
    if (draft.products.length > 0) this.drafts.delete(registered);
    else for (const key of Object.keys(draft.meta)) delete draft.meta[key];
    return [result.matched ? draft : undefined, result.reprocess];
  }

  /**
   * The new associations that a row begins.
   * @param options.allow - only these rules
   * @param options.ignore - not these rules: the row is in associations of theirs
   */
  match(
    item: PoolRow,
    options: {
      allow?: readonly RegisteredRule[];
      ignore?: ReadonlySet<RegisteredRule>;
      versionId?: string | null;
      onError?: (rule: RegisteredRule, error: unknown) => void;
    } = {},
  ): MatchResult {
    const associations: Association[] = [];
    const reprocess: MatchResult["reprocess"] = [];
    for (const rule of options.allow ?? this.rules.values()) {
      if (options.ignore?.has(rule)) continue;
      try {
        const [association, wanted] = this.create(rule, item, options.versionId ?? null);
        for (const w of wanted) reprocess.push({ rule, wanted: w });
        if (association !== undefined) associations.push(association);
      } catch (error) {
        if (options.onError === undefined) throw error;
        options.onError(rule, error);
      }
    }
    return { associations, reprocess };
  }

  /** Rules whose schema a loaded association follows; throws when there is none. */
  validate(data: unknown): RegisteredRule[] {
    const out: RegisteredRule[] = [];
    let first: readonly string[] = [];
    const verdicts = new Map<string | Schema, readonly string[]>();
    for (const registered of this.rules.values()) {
      const { schema } = registered.rule;
      if (schema === undefined) {
        out.push(registered);
        continue;
      }
      let problems = verdicts.get(schema);
      if (problems === undefined) verdicts.set(schema, (problems = validateAssociation(data, schema)));
      if (problems.length === 0) out.push(registered);
      else if (first.length === 0) first = problems;
    }
    if (out.length === 0) throw notAnAssociation(first);
    return out;
  }

  /**
   * Validity, duplicates and numbers of what the rules of stages 2 and 3 have made, then callbacks.
   * @param onError - with it, associations whose rule throws are left out and callbacks that throw (then without association)
   *   change nothing
   */
  finalize(
    associations: Association[],
    onError?: (association: Association | undefined, error: unknown) => void,
  ): Association[] {
    return this.callbacks.reduce(
      (list, callback) => {
        try {
          return callback(list);
        } catch (error) {
          if (onError === undefined) throw error;
          onError(undefined, error);
          return list;
        }
      },
      finalizeAll(associations, onError satisfies FinalizeError | undefined),
    );
  }
}

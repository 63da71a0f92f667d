import { listElements } from "../literal.js";
import type { PoolRow } from "../pool/row.js";
import type { AttrConstraint, Constraint, Reducer, SimpleConstraint } from "./declare.js";
import {
  type CheckContext,
  type ConstraintState,
  ListCategory,
  NOTHING,
  type Reprocess,
  type WorkOver,
} from "./types.js";

/** A constraint placed in a rule: it knows the slot of its values. */
export interface Node {
  readonly name: string | undefined;
  readonly slot: number;
  /** Whether the row fits; `context.reprocess` is what has to be looked at again. */
  check(item: PoolRow, context: CheckContext): boolean;
}

const patterns = new Map<string, RegExp>();

/** Whether a value matches a pattern: anchored at its start, the last alternative at its end too, any case. */
export function matchesPattern(value: string, pattern: string): boolean {
  let regex = patterns.get(pattern);
  if (regex === undefined) {
    if (patterns.size > 5000) patterns.clear();
    regex = new RegExp(`^${pattern}$`, "iy");
    patterns.set(pattern, regex);
  }
  regex.lastIndex = 0;
  return regex.test(value);
}

const sameText = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();

export const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|\-\s#&~]/g, "\\$&");

const listOf = new Map<string, readonly string[] | undefined>();
function elements(value: string): readonly string[] | undefined {
  if (!listOf.has(value)) {
    if (listOf.size > 5000) listOf.clear();
    listOf.set(value, listElements(value));
  }
  return listOf.get(value);
}

export class AttrNode implements Node {
  readonly name: string | undefined;
  readonly slot: number;
  readonly declared: AttrConstraint;
  private readonly sources: readonly string[];
  private readonly patterns: readonly string[] | undefined;
  private readonly unique: boolean;
  private readonly required: boolean;

  constructor(declared: AttrConstraint, slot: number) {
    const { options } = declared;
    this.declared = declared;
    this.name = options.name;
    this.slot = slot;
    this.sources = options.sources;
    const { value } = options;
    this.patterns =
      value === undefined || typeof value === "function" ? undefined : typeof value === "string" ? [value] : value;
    this.unique = options.forceUnique ?? true;
    this.required = (options.required ?? true) && !options.forceUndefined;
  }

  check(item: PoolRow, context: CheckContext): boolean {
    const { state } = context;
    const { options } = this.declared;
    const { slot } = this;
    context.reprocess = NOTHING;
    const again = options.forceReprocess;
    if (options.onlyIf !== undefined && !options.onlyIf(item)) {
      if (again !== undefined) context.reprocess = [this.request([item], again)];
      this.note(state, true);
      return true;
    }
    const fixed = state.fixed[slot];
    let source: string | undefined;
    let value: string | undefined;
    if (fixed !== undefined) {
      source = state.source[slot] as string;
      value = item.valid(source);
    } else {
      for (const s of this.sources) {
        value = item.valid(s);
        if (value !== undefined) {
          source = s;
          break;
        }
      }
    }
    if (value === undefined || source === undefined) {
      this.note(state, !this.required);
      return !this.required;
    }
    if (options.forceUndefined) {
      this.note(state, false);
      return false;
    }
    const list = options.evaluate ? elements(value) : undefined;
    let reprocess: Reprocess[] | undefined;
    let found = value;
    const pattern = options.value;
    if (fixed === undefined && pattern === undefined) {
      if (list !== undefined) {
        context.reprocess = [this.expand(item, source, list)];
        this.note(state, false);
        return false;
      }
    } else {
      const one = list === undefined ? this.fits(value, fixed, context) : undefined;
      if (one === false) {
        this.note(state, false);
        return false;
      }
      if (list !== undefined) {
        const hit = list.find((v) => this.fits(v, fixed, context));
        if (hit === undefined) {
          this.note(state, false);
          return false;
        }
        found = hit;
        const rest = list.filter((v) => v !== hit);
        if (rest.length > 0) reprocess = [this.expand(item, source, rest)];
      }
    }
    state.addFound(slot, found);
    if (this.unique && fixed === undefined) {
      state.set(state.fixed, slot, found);
      state.set(state.source, slot, source);
    }
    if (again !== undefined) (reprocess ??= []).push(this.request([item], again));
    if (reprocess !== undefined) context.reprocess = reprocess;
    this.note(state, true);
    return true;
  }

  /** Remember how it went; nobody can ask for a constraint without a name. */
  private note(state: ConstraintState, matched: boolean): void {
    if (this.name !== undefined) state.set(state.matched, this.slot, matched);
  }

  private fits(value: string, fixed: string | undefined, context: CheckContext): boolean {
    if (fixed !== undefined) return sameText(value, fixed);
    if (this.patterns !== undefined) return this.patterns.some((p) => matchesPattern(value, p));
    return matchesPattern(value, (this.declared.options.value as (a: unknown) => string)(context.association));
  }

  private request(items: readonly PoolRow[], workOver: WorkOver): Reprocess {
    return { items, workOver, onlyOnMatch: this.declared.options.onlyOnMatch ?? false, rules: undefined };
  }

  private expand(item: PoolRow, source: string, values: readonly string[]): Reprocess {
    return {
      items: values.map((v) => item.element(source, v)),
      workOver: ListCategory.BOTH,
      onlyOnMatch: false,
      rules: undefined,
    };
  }
}

export class SimpleNode implements Node {
  readonly name: string | undefined;
  readonly slot: number;
  readonly declared: SimpleConstraint;

  constructor(declared: SimpleConstraint, slot: number) {
    this.declared = declared;
    this.name = declared.options.name;
    this.slot = slot;
  }

  check(item: PoolRow, context: CheckContext): boolean {
    const { state, association } = context;
    const { options } = this.declared;
    const got = options.sources === undefined ? item : options.sources(item, association);
    const wanted = state.value[this.slot] ?? options.value;
    let matched = true;
    if (wanted !== undefined && wanted !== null)
      matched = options.test === undefined ? wanted === got : options.test(wanted, got, association);
    if (this.name !== undefined) state.set(state.matched, this.slot, matched);
    if (matched) {
      const value = options.forceUnique === false ? wanted : got;
      if (options.forceUnique !== false) state.set(state.value, this.slot, got);
      if (typeof value === "string") state.addFound(this.slot, value);
    }
    context.reprocess = NOTHING;
    if ((matched && options.reprocessOnMatch) || (!matched && options.reprocessOnFail))
      context.reprocess = [
        {
          items: [item],
          workOver: options.workOver ?? ListCategory.BOTH,
          onlyOnMatch: false,
          rules: options.reprocessRules,
        },
      ];
    return matched;
  }
}

export class GroupNode implements Node {
  readonly name: string | undefined;
  readonly slot: number;
  readonly declared: Constraint;
  readonly parts: readonly Node[];
  private readonly reduce: Reducer;

  constructor(declared: Constraint, slot: number, parts: readonly Node[]) {
    this.declared = declared;
    this.name = declared.name;
    this.slot = slot;
    this.parts = parts;
    this.reduce = declared.options.reduce ?? "all";
  }

  check(item: PoolRow, context: CheckContext): boolean {
    const { reduce } = this;
    const { options } = this.declared;
    const raw = reduce === "all" || reduce === "notall" ? this.every(item, context) : this.some(item, context);
    const matched = reduce === "all" || reduce === "any" ? raw : !raw;
    if ((matched && options.reprocessOnMatch) || (!matched && options.reprocessOnFail))
      context.reprocess = [
        ...context.reprocess,
        {
          items: [item],
          workOver: options.workOver ?? ListCategory.BOTH,
          onlyOnMatch: false,
          rules: options.reprocessRules,
        },
      ];
    return matched;
  }

  /** All parts. A part that fails without wanting another look ends it; else the first failing part's wish counts. */
  private every(item: PoolRow, context: CheckContext): boolean {
    let matched = this.parts.length > 0;
    let wanted: readonly Reprocess[] = NOTHING;
    let failed: readonly Reprocess[] | undefined;
    for (const part of this.parts) {
      const ok = part.check(item, context);
      const { reprocess } = context;
      if (ok) {
        if (matched && reprocess.length > 0) wanted = wanted.length === 0 ? reprocess : [...wanted, ...reprocess];
      } else {
        matched = false;
        if (reprocess.length === 0) {
          failed = undefined;
          break;
        }
        failed ??= reprocess;
      }
    }
    context.reprocess = matched ? wanted : (failed ?? NOTHING);
    return matched;
  }

  /** The first part that fits. */
  private some(item: PoolRow, context: CheckContext): boolean {
    let wanted: readonly Reprocess[] = NOTHING;
    for (const part of this.parts) {
      if (part.check(item, context)) return true;
      const { reprocess } = context;
      if (reprocess.length > 0) wanted = wanted.length === 0 ? reprocess : [...wanted, ...reprocess];
    }
    context.reprocess = wanted;
    return false;
  }
}

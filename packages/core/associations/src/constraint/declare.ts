import type { Association } from "../association.js";
import type { PoolRow } from "../pool/row.js";
import { ListCategory, type WorkOver } from "./types.js";

/** Regular expressions are matched from the start of the value, without regard to case. */
export type Pattern = string | readonly string[] | ((association: Association) => string);

export interface AttrOptions {
  readonly name?: string;
  /** Columns to look in; the first that is specified counts. */
  readonly sources: readonly string[];
  /** What the value has to match. Absent: any value. */
  readonly value?: Pattern;
  /** Fix the value to what the first member has (default). */
  readonly forceUnique?: boolean;
  /** Whether the column must be specified (default). */
  readonly required?: boolean;
  /** The column must not be specified. */
  readonly forceUndefined?: boolean;
  /** The value may be a list: each element is looked at by itself. */
  readonly evaluate?: boolean;
  /** Look at the row again, over these associations, when it matches or the constraint does not apply. */
  readonly forceReprocess?: WorkOver;
  readonly onlyOnMatch?: boolean;
  /** The constraint applies only to these rows. */
  readonly onlyIf?: (item: PoolRow) => boolean;
  /** The values are candidate identifiers. */
  readonly isAcid?: boolean;
}

/** Constrains the value of one column (or of the first specified of several). */
export class AttrConstraint {
  readonly kind = "attr";
  readonly options: AttrOptions;
  constructor(options: AttrOptions) {
    this.options = options;
  }
  get name(): string | undefined {
    return this.options.name;
  }
}

export interface SimpleOptions {
  readonly name?: string;
  /** The value wanted. Absent: any. */
  readonly value?: unknown;
  /** What is compared (default: the row). */
  readonly sources?: (item: PoolRow, association: Association) => unknown;
  /** How it is compared (default: equality). */
  readonly test?: (wanted: unknown, got: unknown, association: Association) => boolean;
  readonly forceUnique?: boolean;
  readonly reprocessOnMatch?: boolean;
  readonly reprocessOnFail?: boolean;
  readonly workOver?: WorkOver;
  /** "all": the row is looked at again by every rule. */
  readonly reprocessRules?: "all";
}

/** Constrains what a function says of the row. */
export class SimpleConstraint {
  readonly kind = "simple";
  readonly options: SimpleOptions;
  constructor(options: SimpleOptions) {
    this.options = options;
  }
  get name(): string | undefined {
    return this.options.name;
  }
}

export type Reducer = "all" | "any" | "notany" | "notall";

export interface ConstraintOptions {
  readonly name?: string;
  readonly reduce?: Reducer;
  readonly reprocessOnMatch?: boolean;
  readonly reprocessOnFail?: boolean;
  readonly workOver?: WorkOver;
  readonly reprocessRules?: "all";
  /**
   * A promise that speeds up matching: a row for which `unless` is false can only match by the part at `index`.
   * `by`: rows for which it is true match another part only when their value of `column` is among those that the
   * constraint `name` has found.
   */
  readonly mainPart?: {
    readonly index: number;
    readonly unless: (item: PoolRow) => boolean;
    readonly by?: { readonly name: string; readonly column: string };
  };
}

/** Several constraints, reduced to one answer. */
export class Constraint {
  readonly kind = "group";
  readonly parts: readonly AnyConstraint[];
  readonly options: ConstraintOptions;
  constructor(parts: readonly AnyConstraint[], options: ConstraintOptions = {}) {
    this.parts = parts;
    this.options = options;
  }
  get name(): string | undefined {
    return this.options.name;
  }
  /** The same with further parts at the end. */
  with(...parts: readonly AnyConstraint[]): Constraint {
    return new Constraint([...this.parts, ...parts], this.options);
  }
}

export type AnyConstraint = AttrConstraint | SimpleConstraint | Constraint;

export const all = (...parts: AnyConstraint[]): Constraint => new Constraint(parts);
export const any = (...parts: AnyConstraint[]): Constraint => new Constraint(parts, { reduce: "any" });
export const notAny = (...parts: AnyConstraint[]): Constraint => new Constraint(parts, { reduce: "notany" });
export const notAll = (...parts: AnyConstraint[]): Constraint => new Constraint(parts, { reduce: "notall" });

/** Any value of the column(s), the same in all members. */
export const same = (name: string, ...sources: string[]): AttrConstraint => new AttrConstraint({ name, sources });
/** The same in all members that have it. */
export const sameIfAny = (name: string, ...sources: string[]): AttrConstraint =>
  new AttrConstraint({ name, sources, required: false });
/** One value (a regular expression) of one column. */
export const is = (source: string, value: string, name: string = source): AttrConstraint =>
  new AttrConstraint({ name, sources: [source], value });
/** A condition on the row; it says the same for every association. */
export const when = (test: (item: PoolRow, association: Association) => boolean): SimpleConstraint =>
  new SimpleConstraint({ value: true, sources: test, forceUnique: false });

export { ListCategory };

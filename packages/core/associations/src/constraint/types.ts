import type { Association } from "../association.js";
import type { PoolRow } from "../pool/row.js";

/** What a process list works over: new associations, all, existing ones, existing ones with exposures that are no science. */
export const ListCategory: Readonly<{ RULES: 0; BOTH: 1; EXISTING: 2; NONSCIENCE: 3 }> = {
  RULES: 0,
  BOTH: 1,
  EXISTING: 2,
  NONSCIENCE: 3,
};
export type WorkOver = 0 | 1 | 2 | 3;

/** Rows that a constraint wants to be looked at again. */
export interface Reprocess {
  readonly items: readonly PoolRow[];
  workOver: WorkOver;
  readonly onlyOnMatch: boolean;
  /** undefined: the rule that asked; "all": every rule. */
  readonly rules: "all" | undefined;
}

export const NOTHING: readonly Reprocess[] = [];

/** Where a constraint is being looked at: the association, its values, and what has to be undone when it does not match. */
export interface CheckContext {
  readonly association: Association;
  readonly state: ConstraintState;
  /** What the last check wants to be looked at again. */
  reprocess: readonly Reprocess[];
}

const singles = new Map<string, readonly string[]>();
/** Most constraints find one value, and many associations the same one. */
function single(value: string): readonly string[] {
  let list = singles.get(value);
  if (list === undefined) {
    if (singles.size > 20_000) singles.clear();
    singles.set(value, (list = [value]));
  }
  return list;
}

/** The values that a rule's constraints have taken in one association, by slot. */
export class ConstraintState {
  /** Value that the first member fixed. */
  readonly fixed: (string | undefined)[];
  /** Column that the fixed value came from. */
  readonly source: (string | undefined)[];
  /** All values found, in order; arrays are replaced, never changed. */
  readonly found: (readonly string[] | undefined)[];
  readonly matched: (boolean | undefined)[];
  /** Values of constraints that are functions. */
  readonly value: unknown[];
  private readonly trail: unknown[] = [];

  /** @param slots - how many there are; @param valueSlots - how many of them belong to functions */
  constructor(slots: number, valueSlots: number) {
    // Arrays of the right length: there are many states, and arrays that grow take room for more than they hold.
    this.fixed = new Array(slots);
    this.source = new Array(slots);
    this.found = new Array(slots);
    this.matched = new Array(slots);
    this.value = new Array(valueSlots);
  }

  set(array: unknown[], slot: number, value: unknown): void {
    const old = array[slot];
    if (old === value) return;
    this.trail.push(array, slot, old);
    array[slot] = value;
  }

  addFound(slot: number, value: string): void {
    const found = this.found[slot];
    if (found === undefined) this.set(this.found, slot, single(value));
    else if (found[found.length - 1] !== value && !found.includes(value)) this.set(this.found, slot, [...found, value]);
  }

  /** Whether a value has been fixed since the last commit. */
  get narrowed(): boolean {
    for (let i = 0; i < this.trail.length; i += 3) if (this.trail[i] === this.fixed) return true;
    return false;
  }

  /** Keep what has been set. */
  commit(): void {
    this.trail.length = 0;
  }

  /** Take back everything since the last commit. */
  rollback(): void {
    const { trail } = this;
    for (let i = trail.length - 3; i >= 0; i -= 3) (trail[i] as unknown[])[trail[i + 1] as number] = trail[i + 2];
    trail.length = 0;
  }
}

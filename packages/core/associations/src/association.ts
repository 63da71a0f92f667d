import type { CompiledConstraint } from "./constraint/compile.js";
import { type CheckContext, ConstraintState, NOTHING, type Reprocess } from "./constraint/types.js";
import { AssociationNotAConstraint } from "./errors.js";
import { type Candidate, parseCandidates } from "./literal.js";
import type { Member, Product } from "./member.js";
import type { PoolRow } from "./pool/row.js";
import type { Rule } from "./rule.js";
import { SmallSet } from "./small-set.js";

/** A rule as a registry holds it: under its full name, with the registry's own constraints. */
export interface RegisteredRule {
  readonly name: string;
  readonly rule: Rule;
  readonly constraints: CompiledConstraint;
  /** Name of the rule set, such as "candidate". */
  readonly ruleset: string | undefined;
  readonly order: number;
}

export interface AddResult {
  readonly matched: boolean;
  readonly reprocess: readonly Reprocess[];
  /** Whether a constraint took on a value. */
  readonly narrowed: boolean;
}

/** Candidate of associations that come from no candidate. */
const DISCOVERED: Candidate = { id: "a3001", type: "DISCOVERED" };

/**
 * An association while it grows: a rule, what its first members have fixed, products and members. `data` is what a
 * file holds.
 */
export class Association {
  readonly registered: RegisteredRule;
  readonly state: ConstraintState;
  readonly products: Product[];
  /** Which validity checks have passed. */
  readonly validity: Map<string, boolean>;
  /** Rows that are members, by their identities: usually the names of their files. */
  readonly filenames: SmallSet;
  /** Scratch of rules. */
  readonly meta: Record<string, unknown>;
  private readonly memberKeys: SmallSet;
  private candidate: Candidate | undefined;
  /** Name of its file where it is not that of the rule. */
  givenName: string | undefined;
  private allValid = false;
  /** Members put in with {@link include}. */
  memberCount = 0;
  /** Position in the order of creation. */
  order = 0;
  sequence = 1;
  versionId: string | null;
  asnType: string;
  program = "noprogram";
  target: string | undefined;
  pool = "none";
  degraded = false;
  /** Where an index keeps it. */
  place: unknown = undefined;
  hasScience = false;

  constructor(registered: RegisteredRule, versionId: string | null = null, from?: Association) {
    this.registered = registered;
    this.versionId = versionId;
    this.asnType = from?.asnType ?? registered.rule.asnType;
    this.state = from?.state ?? new ConstraintState(registered.constraints.slots, registered.constraints.valueSlots);
    this.validity = new Map(from?.validity ?? []);
    this.products = [];
    this.filenames = new SmallSet();
    this.memberKeys = new SmallSet();
    this.meta = { ...from?.meta };
    if (from !== undefined) {
      this.candidate = from.candidate;
      this.program = from.program;
      this.target = from.target;
      this.pool = from.pool;
      this.degraded = from.degraded;
      this.order = from.order;
      this.hasScience = from.hasScience;
    }
  }

  get rule(): Rule {
    return this.registered.rule;
  }

  /** The candidate that it belongs to. */
  get acid(): Candidate {
    if (this.candidate !== undefined) return this.candidate;
    for (const leaf of this.registered.constraints.leaves) {
      if (leaf.declared.kind !== "attr" || !leaf.declared.options.isAcid) continue;
      const found = this.state.found[leaf.slot];
      const candidate = found?.length ? parseCandidates(found[0])[0] : undefined;
      if (candidate !== undefined) return (this.candidate = candidate);
    }
    return DISCOVERED;
  }

  set acid(candidate: Candidate) {
    this.candidate = candidate;
  }

  get currentProduct(): Product {
    return this.products[this.products.length - 1];
  }

  /** All members of all products. */
  get members(): Member[] {
    return this.products.flatMap((p) => p.members);
  }

  membersOfType(exptype: string): Member[] {
    return this.currentProduct?.members.filter((m) => m.exptype === exptype) ?? [];
  }

  /** Values that the constraint of this name has found; undefined when the rule has no such constraint. */
  foundOf(name: string): readonly string[] | undefined {
    const node = this.registered.constraints.byName.get(name);
    return node === undefined ? undefined : (this.state.found[node.slot] ?? []);
  }

  /** Values found by the first constraint of this name that has found any. */
  firstFoundOf(name: string): readonly string[] {
    for (const leaf of this.registered.constraints.leaves)
      if (leaf.name === name && this.state.found[leaf.slot]?.length) return this.state.found[leaf.slot]!;
    return [];
  }

  /** The value that the constraint of this name is fixed to. */
  fixedOf(name: string): string | undefined {
    const node = this.registered.constraints.byName.get(name);
    if (node === undefined)
      throw new AssociationNotAConstraint(`rule ${this.rule.name} has no constraint "${name}"`, { got: name });
    return this.state.fixed[node.slot];
  }

  /** Whether the constraint of this name fitted the row it saw last. */
  matchedOf(name: string): boolean {
    const node = this.registered.constraints.byName.get(name);
    return node !== undefined && this.state.matched[node.slot] === true;
  }

  /**
   * Add a row if it fits the constraints; what they have fixed changes only then.
   * @returns whether it is a member now, and rows to be looked at again
   */
  add(item: PoolRow): AddResult {
    if (this.filenames.has(item.identity)) return { matched: true, reprocess: NOTHING, narrowed: false };
    const { state, registered } = this;
    const context: CheckContext = { association: this, state, reprocess: NOTHING };
    let matched: boolean;
    try {
      matched = registered.constraints.root.check(item, context);
    } catch (error) {
      state.rollback();
      throw error;
    }
    if (!matched) {
      state.rollback();
      return { matched, reprocess: context.reprocess, narrowed: false };
    }
    const { reprocess } = context;
    const { narrowed } = state;
    state.commit();
    if (this.products.length === 0) registered.rule.start(this, item);
    this.include(registered.rule.makeMember(this, item), item);
    const force = registered.constraints.byName.get("force_match");
    const forced = force === undefined ? undefined : state.value[force.slot];
    return { matched: typeof forced === "boolean" ? forced : true, reprocess, narrowed };
  }

  newProduct(name = "undefined"): Product {
    const product: Product = { name, members: [] };
    this.products.push(product);
    return product;
  }

  /** Put a member into the current product, unless it is there. */
  include(member: Member, item?: PoolRow): void {
    if (this.memberKeys.has(member.key)) return;
    this.memberKeys.add(member.key);
    if (item !== undefined) this.filenames.add(item.identity);
    this.currentProduct.members.push(member);
    if (member.exptype === "science") this.hasScience = true;
    const error = member.data.exposerr;
    if (typeof error === "string" && !isEmpty(error)) this.degraded = true;
    this.memberCount++;
    if (this.allValid) return;
    this.allValid = true;
    for (const [name, check] of Object.entries(this.rule.validity)) {
      if (!this.validity.get(name)) this.validity.set(name, check(this, member));
      if (!this.validity.get(name)) this.allValid = false;
    }
  }

  /** Take over what members that were put into its products directly have made of it elsewhere. */
  adopt(facts: { memberCount: number; degraded: boolean; hasScience: boolean }): void {
    for (const { key, item } of this.members) {
      this.memberKeys.add(key);
      if (item !== undefined) this.filenames.add(item.identity);
    }
    Object.assign(this, facts);
  }

  /** Whether it has all that it must have. */
  get isValid(): boolean {
    return Object.keys(this.rule.validity).every((name) => this.validity.get(name) === true);
  }

  /** Let go of what only growing needs. */
  settle(): void {
    this.place = undefined;
    // Arrays that have grown hold more room than members.
    for (const product of this.products) product.members = product.members.slice();
  }

  /** Suggested name of its file, without extension. */
  get name(): string {
    return this.givenName ?? this.rule.associationName(this);
  }

  set name(name: string) {
    this.givenName = name;
  }

  /** A copy that shares what the constraints have fixed and has no products. */
  fork(): Association {
    return new Association(this.registered, this.versionId, this);
  }

  /** What a file holds. */
  get data(): AssociationData {
    return this.rule.toData(this);
  }
}

const isEmpty = (text: string): boolean => /^(null|--|n|f|false|n\/a)?$/i.test(text);

export interface AssociationData {
  asn_type?: string;
  asn_rule?: string;
  version_id?: string | null;
  code_version?: string;
  degraded_status?: string;
  program?: string;
  constraints?: string;
  asn_id?: string;
  target?: string;
  asn_pool?: string;
  products: { name?: string; members: MemberRecord[] }[];
  [key: string]: unknown;
}

export interface MemberRecord {
  expname: string;
  exptype: string;
  exposerr?: string | null;
  asn_candidate?: string;
  [key: string]: unknown;
}

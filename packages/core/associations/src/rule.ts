import type { Association, AssociationData } from "./association.js";
import type { Constraint } from "./constraint/declare.js";
import { describeConstraints } from "./constraint/describe.js";
import { AssociationError } from "./errors.js";
import type { Schema } from "./io/schema.js";
import { Member } from "./member.js";
import { baseName } from "./names/suffix.js";
import type { PoolRow } from "./pool/row.js";
import { GENERATOR_VERSION } from "./version.js";

/** A check that has to pass for at least one member; it sees the association with the member in it. */
export type ValidityCheck = (association: Association, member: Member) => boolean;

/**
 * What makes associations of one kind: constraints that say which exposures belong together, and how members, products
 * and names are made of them. A plain value; {@link defineRule}, `level2Rule` and `level3Rule` fill in what is usual.
 */
export interface Rule {
  readonly name: string;
  readonly description: string;
  /** Stage that processes what the rule makes; other rules have none. */
  readonly level: 2 | 3 | undefined;
  readonly asnType: string;
  readonly constraints: Constraint;
  /** Other names under which the rule is known. */
  readonly aliases: readonly string[];
  /** Schema that its associations follow: one of the stages, or one of its own. */
  readonly schema: "level2" | "level3" | Schema | undefined;
  /** Checks that all must have passed for some member. */
  readonly validity: Readonly<Record<string, ValidityCheck>>;
  /**
   * Whether associations of candidates of a type ("observation", "group", ..., "discovered") can be valid; those for which it
   * is false are not tried.
   */
  accepts(candidateType: string): boolean;
  /**
   * A promise that speeds up matching: an association that has its science member takes no such row.
   * Absent: nothing is known.
   */
  readonly closedTo?: (item: PoolRow) => boolean;
  /** Type of member that a row would be. */
  exposureType(association: Association, item: PoolRow): string;
  makeMember(association: Association, item: PoolRow): Member;
  /** Called with the first row, before it becomes a member. */
  start(association: Association, item: PoolRow): void;
  productName(association: Association): string;
  associationName(association: Association): string;
  /** What a grown association becomes: usually itself, nothing when it is not valid, or several. */
  finalize(association: Association): Association[];
  toData(association: Association): AssociationData;
}

export const DEGRADED_OK = "No known degraded exposures in association.";
export const DEGRADED =
  "One or more members have an error associated with them.\nDetails can be found in the member.exposerr attribute.";

/** The head of every association: keys in the order of the file. */
export function baseData(association: Association): AssociationData {
  return {
    asn_type: association.asnType,
    asn_rule: association.registered.name,
    version_id: association.versionId,
    code_version: GENERATOR_VERSION,
    degraded_status: association.degraded ? DEGRADED : DEGRADED_OK,
    program: association.program,
    constraints: describeConstraints(association),
    asn_id: association.acid.id,
    ...(association.target === undefined ? {} : { target: association.target }),
    asn_pool: association.pool,
    products: association.products.map((p) => ({ name: p.name, members: p.members.map((m) => ({ ...m.data })) })),
  };
}

/** `jw<program>-<candidate>[_<version>]_<type>_<number>_asn` */
export function dmsAssociationName(association: Association): string {
  const { program, versionId, asnType, sequence, acid } = association;
  const parts = [`jw${program}-${acid.id}`];
  if (versionId) parts.push(versionId);
  parts.push(asnType, String(sequence).padStart(5, "0"), "asn");
  return parts.join("_").toLowerCase();
}

export type RuleOptions = Pick<Rule, "name" | "constraints"> &
  Partial<Omit<Rule, "name" | "constraints">> &
  ThisType<Rule>;

/**
 * A rule of one's own. Without further options every row is a member of type "science" under its file name, there is one
 * product, and the association is valid when it has a member.
 */
export function defineRule(options: RuleOptions): Rule {
  if (!/^[A-Za-z_]\w*$/.test(options.name))
    throw new AssociationError(`"${options.name}" is no name for a rule: letters, digits and _`, { got: options.name });
  return {
    description: "",
    level: undefined,
    asnType: "user_built",
    aliases: [],
    schema: undefined,
    validity: {},
    accepts: () => true,
    exposureType: () => "science",
    makeMember(association, item) {
      return new Member({ expname: item.filename, exptype: this.exposureType(association, item) }, item);
    },
    start(association, item) {
      association.program = (item.valid("program") ?? "noprogram").padStart(5, "0");
      association.pool = baseName(item.pool);
      association.newProduct();
    },
    productName: (association) => association.products[0]?.name ?? "undefined",
    associationName: dmsAssociationName,
    finalize(association) {
      if (!association.isValid) return [];
      for (const product of association.products)
        if (product.name === "undefined") product.name = this.productName(association);
      return [association];
    },
    toData: baseData,
    ...options,
  };
}

import { Association, type AssociationData } from "../association.js";
import { all } from "../constraint/declare.js";
import { AssociationError } from "../errors.js";
import { Member } from "../member.js";
import { baseName, exposureName } from "../names/suffix.js";
import { AssociationRegistry } from "../registry.js";
import { defineRule, type Rule } from "../rule.js";

/** A file, or a file with its type of member. */
export type ListItem = string | readonly [file: string, exptype: string];

export interface FromListOptions {
  /** Rule to make it by: of stage 2 (a product per file) or stage 3 (one product). Default: stage 3. */
  readonly rule?: Rule | string;
  /**
   * Name of the product, needed in stage 3. In stage 2 a name for the product of one file, or a function of file and number
   * (from 1); several products are named after their files.
   */
  readonly productName?: string | ((file: string, number: number) => string);
  /** Candidate: `o999` (default of stage 2), `c1001`, `a3001` (default of stage 3). */
  readonly acid?: string;
  /** Where rules are found by name; the frames of the stages need none. */
  readonly registry?: AssociationRegistry;
  /** Further entries of the head, such as asn_type, asn_rule, asn_pool, program. */
  readonly meta?: Partial<AssociationData>;
}

/** Names under which the frames of the stages are known. */
const BASES: Readonly<Record<string, 2 | 3>> = { DMSLevel2bBase: 2, DMS_Level2_Base: 2, DMS_Level3_Base: 3 };

/**
 * An association of given files, without a pool: nothing but the files decides.
 * @throws AssociationError for a rule that is not known, a candidate of another form, or a missing product name
 */
export function asnFromList(items: readonly ListItem[], options: FromListOptions = {}): Association {
  const rule = findRule(options);
  const level = rule.level ?? 3;
  const acid = options.acid ?? (level === 2 ? "o999" : "a3001");
  if (!/^(o\d{3}|[ac]\d{4})$/.test(acid))
    throw new AssociationError(`candidate "${acid}" has no valid form: o and 3 digits, or c or a and 4 digits`, {
      got: acid,
    });
  if (items.length === 0) throw new AssociationError("an association needs at least one file");
  // Nothing is matched, and so there is nothing to say about constraints.
  const registry = new AssociationRegistry({ definitions: [[{ ...rule, constraints: all() }]] });
  const registered = registry.values()[0];
  const association = new Association(registered);
  association.acid = {
    id: acid,
    type: acid[0] === "c" ? "background" : acid[0] === "a" ? "discovered" : "observation",
  };
  const { productName } = options;
  if (level === 3) {
    if (typeof productName !== "string" || productName === "")
      throw new AssociationError("an association for stage 3 needs the name of its product");
    association.newProduct(productName);
  }
  items.forEach((item, i) => {
    const [file, given] = typeof item === "string" ? [item, undefined] : item;
    const exptype = given || "science";
    if (level === 2)
      association.newProduct(
        typeof productName === "function"
          ? productName(file, i + 1)
          : items.length === 1 && productName
            ? productName
            : exposureName(baseName(file)),
      );
    association.currentProduct.members.push(new Member({ expname: file, exptype }));
  });
  for (const [name, check] of Object.entries(rule.validity))
    association.validity.set(
      name,
      association.members.some((m) => check(association, m)),
    );
  association.asnType = options.meta?.asn_type ?? (rule.name in BASES ? "None" : rule.asnType);
  if (options.meta?.program !== undefined) association.program = options.meta.program;
  if (options.meta?.asn_pool !== undefined) association.pool = options.meta.asn_pool;
  if (level === 3) association.target = options.meta?.target ?? "none";
  return association;
}

function findRule(options: FromListOptions): Rule {
  const { rule = "DMS_Level3_Base" } = options;
  if (typeof rule !== "string") return rule;
  const level = BASES[rule];
  if (level !== undefined) return baseRule(rule, level);
  const registered = options.registry?.get(rule);
  if (registered === undefined)
    throw new AssociationError(
      `there is no rule "${rule}"; ${Object.keys(BASES).join(", ")} and the rules of the registry can be used`,
      { got: rule },
    );
  return registered.rule;
}

const baseRule = (name: string, level: 2 | 3): Rule =>
  defineRule({
    name,
    level,
    schema: level === 2 ? "level2" : "level3",
    constraints: all(),
    validity: { has_science: (_association, member) => member.exptype === "science" },
  });

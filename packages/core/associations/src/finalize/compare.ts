import type { Association } from "../association.js";
import type { Product } from "../member.js";
import { exposureName } from "../names/suffix.js";

/** How the members of two products compare. */
export type MembershipDifference = "equal" | "subset" | "different";

/**
 * Compare the members of two products, as multisets of files with their types.
 * @param strict - compare file names; else only the exposures that they belong to
 * @returns "subset" when one holds all members of the other with the same types, and more
 */
export function compareMembers(left: Product, right: Product, strict = true): MembershipDifference {
  const name = (m: { expname: string }): string => (strict ? m.expname : exposureName(m.expname));
  if (hasDuplicates(left) || hasDuplicates(right)) return "different";
  const rest = new Map<string, string[]>();
  for (const m of right.members) {
    const key = name(m);
    const types = rest.get(key);
    if (types === undefined) rest.set(key, [m.exptype]);
    else types.push(m.exptype);
  }
  let missing = 0;
  let mismatched = false;
  let matched = 0;
  for (const m of left.members) {
    const types = rest.get(name(m));
    if (types === undefined || types.length === 0) missing++;
    else {
      matched++;
      if (types.shift() !== m.exptype) mismatched = true;
    }
  }
  if (mismatched) return "different";
  if (missing === 0 && matched === right.members.length) return "equal";
  // Of two products of the same name the longer one counts, even where the shorter has a member of its own.
  return left.members.length === right.members.length ? "different" : "subset";
}

function hasDuplicates(product: Product): boolean {
  const { members } = product;
  return members.length > 1 && new Set(members.map((m) => m.expname)).size !== members.length;
}

const parts = (name: string): string => [...new Set(name.split(/[_-]/))].sort().join(" ");

/** Whether two associations stand for the same: type, kind of candidate, and products with the same exposures. */
export function sameAssociation(a: Association, b: Association): boolean {
  if (a === b) return !a.products.some(hasDuplicates);
  if (a.asnType !== b.asnType || a.acid.id[0] !== b.acid.id[0] || a.products.length !== b.products.length) return false;
  const rest = [...b.products];
  for (const product of a.products) {
    const i = rest.findIndex((p) => parts(p.name) === parts(product.name));
    if (i < 0 || compareMembers(product, rest[i], false) !== "equal") return false;
    rest.splice(i, 1);
  }
  return true;
}

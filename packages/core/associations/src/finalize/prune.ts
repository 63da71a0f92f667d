import type { Association } from "../association.js";
import { compareMembers, sameAssociation } from "./compare.js";

const compareIds = (a: Association, b: Association): number => {
  const x = a.acid.id;
  const y = b.acid.id;
  return x < y ? -1 : x > y ? 1 : 0;
};

/** By candidate: discovered, then candidates of several observations, then observations. Stable. */
export const sortByCandidate = (associations: readonly Association[]): Association[] =>
  [...associations].sort(compareIds);

/** What the first product holds; undefined when a file is in it twice, which makes it equal to nothing. */
function membershipKey(association: Association): string | undefined {
  const { members } = association.products[0];
  const keys = members.map((m) => `${m.expname}\t${m.exptype}`).sort();
  for (let i = 1; i < keys.length; i++)
    if (keys[i].slice(0, keys[i].indexOf("\t")) === keys[i - 1].slice(0, keys[i - 1].indexOf("\t"))) return undefined;
  return keys.join("\n");
}

/**
 * Of associations with the same members, keep the one of the lowest candidate: an observation rather than a group, a group
 * rather than a discovery. In the order of candidates from the last to the first.
 */
export function pruneMemberships(associations: readonly Association[]): Association[] {
  const seen = new Set<string>();
  const out: Association[] = [];
  for (const association of sortByCandidate(associations).reverse()) {
    const key = membershipKey(association);
    if (key !== undefined) {
      if (seen.has(key)) continue;
      seen.add(key);
    }
    out.push(association);
  }
  return out;
}

/**
 * Of associations with the same product name, drop those whose members are a part of another's, and exact doubles.
 * When no name is used twice the list stays as it is; else it is in the order of candidates.
 */
export function pruneProducts(associations: readonly Association[]): Association[] {
  const byName = new Map<string, Association[]>();
  const ordered = sortByCandidate(associations);
  for (const association of ordered) {
    const { name } = association.products[0];
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [association]);
    else list.push(association);
  }
  if (byName.size === associations.length) return [...associations];
  const dropped = new Set<Association>();
  for (const group of byName.values()) if (group.length > 1) pruneGroup(group, dropped);
  return ordered.filter((a) => !dropped.has(a));
}

function pruneGroup(group: readonly Association[], dropped: Set<Association>): void {
  const keep = new Set(group);
  const gone = new Set<Association>();
  for (let current of group) {
    if ([...gone].some((d) => d === current || sameAssociation(current, d))) continue;
    const drop: Association[] = [];
    for (let other of keep) {
      if (other === current || sameAssociation(other, current)) continue;
      const difference = compareMembers(current.products[0], other.products[0]);
      if (difference === "different") continue;
      if (difference === "subset" && other.products[0].members.length > current.products[0].members.length)
        [current, other] = [other, current];
      drop.push(other);
    }
    for (const association of drop) {
      dropped.add(association);
      gone.add(association);
      keep.delete(association);
    }
  }
}

/** Duplicates out: same members, then same products. */
export const prune = (associations: readonly Association[]): Association[] =>
  pruneProducts(pruneMemberships(associations));

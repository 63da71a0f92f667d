import type { Association } from "../association.js";

/**
 * Put the stage 2 associations of each candidate and type into one with several products. Products of the same name take the
 * members that they lack; associations of other levels come first and stay as they are.
 */
export function mergeAssociations(associations: readonly Association[]): Association[] {
  const others = associations.filter((a) => a.rule.level !== 2);
  const merged = new Map<string, Association>();
  for (const association of associations) {
    if (association.rule.level !== 2) continue;
    const key = `${association.asnType}_${association.acid.id}`;
    const into = merged.get(key);
    if (into === undefined) {
      merged.set(key, association);
      continue;
    }
    const byName = new Map(into.products.map((p) => [p.name, p]));
    for (const product of association.products) {
      const known = byName.get(product.name);
      if (known === undefined) {
        into.products.push(product);
        byName.set(product.name, product);
        continue;
      }
      const names = new Set(known.members.map((m) => m.expname));
      known.members.push(...product.members.filter((m) => !names.has(m.expname)));
    }
  }
  return [...others, ...merged.values()];
}

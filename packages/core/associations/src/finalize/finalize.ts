import type { Association } from "../association.js";
import { prune } from "./prune.js";

/** Number the associations of each candidate and type from 1, in their order. */
export function resequence(associations: readonly Association[]): void {
  const counters = new Map<string, number>();
  for (const association of associations) {
    const key = `${association.acid.id}\n${association.asnType}`;
    const number = (counters.get(key) ?? 0) + 1;
    counters.set(key, number);
    association.sequence = number;
  }
}

/**
 * Close the associations: what is not valid goes, nods become associations of their own, duplicates are dropped, numbers are
 * given. Rules of stage 2 and of stage 3 are looked at separately; those of neither keep their place before them.
 */
export function finalizeAll(associations: readonly Association[]): Association[] {
  const closed = (level: 2 | 3): Association[] =>
    prune(associations.filter((a) => a.rule.level === level).flatMap((a) => a.rule.finalize(a)));
  const own = associations.filter((a) => a.rule.level === undefined).flatMap((a) => a.rule.finalize(a));
  const level2 = closed(2);
  resequence(level2);
  const level3 = closed(3);
  resequence(level3);
  resequence(own);
  return [...own, ...level2, ...level3];
}

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

/** Told about an association that its rule could not close. */
export type FinalizeError = (association: Association, error: unknown) => void;

/**
 * Close the associations: what is not valid goes, nods become associations of their own, duplicates are dropped, numbers are
 * given. Rules of stage 2 and of stage 3 are looked at separately; those of neither keep their place before them.
 * @param onError - with it, associations whose rule throws are left out; else the error ends all
 */
export function finalizeAll(associations: readonly Association[], onError?: FinalizeError): Association[] {
  const close = (association: Association): Association[] => {
    try {
      return association.rule.finalize(association);
    } catch (error) {
      if (onError === undefined) throw error;
      onError(association, error);
      return [];
    }
  };
  const closed = (level: 2 | 3 | undefined): Association[] =>
    associations.filter((a) => a.rule.level === level).flatMap(close);
  const own = closed(undefined);
  const level2 = prune(closed(2));
  resequence(level2);
  const level3 = prune(closed(3));
  resequence(level3);
  resequence(own);
  return [...own, ...level2, ...level3];
}

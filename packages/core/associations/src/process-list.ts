import type { RegisteredRule } from "./association.js";
import { ListCategory, type WorkOver } from "./constraint/types.js";
import type { PoolRow } from "./pool/row.js";

/** Rows to be looked at by some rules, over some associations. */
export interface ProcessList {
  items: PoolRow[];
  /** undefined: all rules. */
  readonly rules: readonly RegisteredRule[] | undefined;
  workOver: WorkOver;
  readonly onlyOnMatch: boolean;
}

const keyOf = (list: ProcessList): string =>
  `${list.rules?.map((r) => r.order).join(",") ?? "all"}/${list.workOver}/${list.onlyOnMatch}`;

/**
 * Process lists by kind of work: new associations first, then all, then existing ones, then exposures that are no science.
 * Lists of the same rules and kind are put together.
 */
export class ProcessQueue {
  private readonly queues: readonly Map<string, ProcessList>[] = [new Map(), new Map(), new Map(), new Map()];

  push(list: ProcessList): void {
    const queue = this.queues[list.workOver];
    const key = keyOf(list);
    const waiting = queue.get(key);
    if (waiting === undefined) {
      queue.set(key, list);
      return;
    }
    // A row that several associations want to see again comes once; looking twice in a row changes nothing.
    for (const item of list.items) if (waiting.items[waiting.items.length - 1] !== item) waiting.items.push(item);
  }

  /** The next list, taken out of the queue. */
  shift(): ProcessList | undefined {
    for (const queue of this.queues) {
      for (const [key, list] of queue) {
        queue.delete(key);
        return list;
      }
    }
    return undefined;
  }

  get length(): number {
    return this.queues.reduce((n, q) => n + q.size, 0);
  }
}

/**
 * What a list found while working over `current` may still do: work on existing associations does not ask for more of the same,
 * and nothing asks for new associations from there.
 * @returns the kind of work, undefined when there is none left
 */
export function workLeft(wanted: WorkOver, current: WorkOver): WorkOver | undefined {
  const makesNew = (w: WorkOver): boolean => w === ListCategory.RULES || w === ListCategory.BOTH;
  if (makesNew(wanted)) return makesNew(current) ? ListCategory.BOTH : undefined;
  return makesNew(current) ? wanted : undefined;
}

import { describeError, isCalwebbError } from "@calwebb/errors";
import type { Association, RegisteredRule } from "../association.js";
import { ListCategory, type Reprocess } from "../constraint/types.js";
import { describeProblem, type Problem } from "../errors.js";
import type { PoolRow } from "../pool/row.js";
import { type ProcessList, ProcessQueue, workLeft } from "../process-list.js";
import type { AssociationRegistry } from "../registry.js";
import { AssociationIndex } from "./index-tree.js";

export interface GrowOptions {
  readonly versionId?: string | null;
  /** Rules that are not tried. */
  readonly skip?: (rule: RegisteredRule) => boolean;
  readonly onProblem?: (problem: Problem) => void;
  /** Called for every row that has been looked at. */
  readonly onRow?: (done: number, total: number) => void;
}

/**
 * Let associations grow from the rows of a pool: each row joins those that it fits, then begins new ones by the rules whose
 * associations it did not join. Rows that constraints want to see again follow in process lists. Nothing is closed yet.
 */
export function grow(
  items: readonly PoolRow[],
  registry: AssociationRegistry,
  options: GrowOptions = {},
): Association[] {
  return runToEnd(growInSteps(items, registry, options));
}

/** Run a generator to its end. */
export function runToEnd<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value as T;
  }
}

/** {@link grow} that stops now and then, so that a caller can do something else in between. */
export function* growInSteps(
  items: readonly PoolRow[],
  registry: AssociationRegistry,
  options: GrowOptions = {},
): Generator<void, Association[]> {
  const rules = registry.values().filter((r) => !options.skip?.(r));
  const indexes = new Map(rules.map((r) => [r, new AssociationIndex(r)]));
  const associations: Association[] = [];
  const queue = new ProcessQueue();
  const failed = new Set<string>();
  queue.push({ items: [...items], rules, workOver: ListCategory.BOTH, onlyOnMatch: false });
  let done = 0;
  let total = items.length;

  const problem = (rule: RegisteredRule, item: PoolRow, error: unknown): void => {
    if (options.onProblem === undefined) throw error;
    const column = isCalwebbError(error) ? error.fields.where : undefined;
    // One row fails in the same way for many rules and candidates; once is enough.
    const key = column === undefined ? `${rule.rule.name} ${item.index}` : `${column} ${item.index}`;
    if (failed.has(key)) return;
    failed.add(key);
    const place = {
      pool: item.pool,
      row: item.line,
      ...(column === undefined ? { rule: rule.rule.name } : { column }),
    };
    const said = describeError(error);
    // An error about the row names the place itself.
    const prefix = describeProblem({ ...place, message: "", severity: "error" });
    options.onProblem({
      ...place,
      message: column === undefined ? `the rule failed: ${said}` : said.replace(prefix, ""),
      severity: "error",
      cause: error,
    });
  };

  const mayMatch = (rule: RegisteredRule, item: PoolRow): boolean => {
    try {
      return rule.constraints.mayMatch(item);
    } catch (error) {
      problem(rule, item, error);
      return false;
    }
  };

  for (let list = queue.shift(); list !== undefined; list = queue.shift()) {
    const current: ProcessList = list;
    const listed = (current.rules ?? rules).filter((r) => indexes.has(r));
    for (const item of current.items) {
      if ((done & 255) === 255) yield;
      const wanted: { rule: RegisteredRule; wanted: Reprocess }[] = [];
      const joined = new Set<RegisteredRule>();
      const allowed = listed.filter((rule) => mayMatch(rule, item));
      if (current.workOver !== ListCategory.RULES) {
        for (const rule of allowed) {
          const index = indexes.get(rule)!;
          if (index.size === 0) continue;
          try {
            for (const association of index.candidates(item)) {
              const before = association.memberCount;
              const result = association.add(item);
              for (const w of result.reprocess) wanted.push({ rule, wanted: w });
              if (result.matched) joined.add(rule);
              if (result.narrowed || association.memberCount !== before)
                index.update(association, item, result.narrowed);
            }
          } catch (error) {
            problem(rule, item, error);
          }
        }
      }
      if (current.workOver === ListCategory.BOTH || current.workOver === ListCategory.RULES) {
        const made = registry.match(item, {
          allow: allowed,
          ignore: joined,
          versionId: options.versionId ?? null,
          onError: (rule, error) => problem(rule, item, error),
        });
        wanted.push(...made.reprocess);
        for (const association of made.associations) {
          association.order = associations.length;
          association.sequence = associations.length + 1;
          associations.push(association);
          indexes.get(association.registered)!.insert(association);
        }
      }
      for (const { rule, wanted: w } of wanted) {
        const workOver = workLeft(w.workOver, current.workOver);
        if (workOver === undefined) continue;
        total += w.items.length;
        queue.push({
          items: [...w.items],
          rules: w.rules === "all" ? undefined : [rule],
          workOver,
          onlyOnMatch: w.onlyOnMatch,
        });
      }
      done++;
      options.onRow?.(Math.min(done, total), total);
    }
  }
  for (const association of associations) association.settle();
  return associations;
}

import type { Executor } from "@calwebb/array";
import { Cancelled, describeError } from "@calwebb/errors";
import type { Association } from "../association.js";
import type { Problem } from "../errors.js";
import { resequence } from "../finalize/finalize.js";
import { mergeAssociations } from "../finalize/merge.js";
import type { AssociationPool } from "../pool/pool.js";
import type { RuleSource } from "../registry.js";
import { wantedCandidates } from "./candidates.js";
import { runToEnd } from "./generate.js";
import {
  candidateRegistry,
  discoveryRegistry,
  type Frame,
  growCandidates,
  growDiscovered,
  growPool,
  poolRegistry,
  type Report,
} from "./parts.js";
import { spread } from "./spread.js";

export interface GenerateOptions {
  /** Lists of rules, or modules that export them: `[level2Rules, level3Rules]`. */
  readonly rules: readonly RuleSource[];
  /** Only these candidates. */
  readonly candidateIds?: readonly string[];
  /** Associations of candidates (default, unless only discoveries are asked for). */
  readonly allCandidates?: boolean;
  /** Associations across candidates. Default: when neither `candidateIds` nor one of the two is given, both. */
  readonly discover?: boolean;
  /** Put into names and files; `true` is the time. */
  readonly versionId?: string | true | null;
  /** Close the associations (default). */
  readonly finalize?: boolean;
  /** Put the stage 2 associations of a candidate into one. */
  readonly merge?: boolean;
  /** Take the rows by file name rather than in the pool's order: then the result does not depend on that order at all. */
  readonly sort?: boolean;
  /** As in ground processing: backgrounds that belong to the given candidates count when duplicates are dropped. */
  readonly dms?: boolean;
  /** Look at all candidates at once rather than at each by itself. */
  readonly perPool?: boolean;
  readonly onProblem?: (problem: Problem) => void;
  readonly onProgress?: Report;
}

/** What {@link generateAsync} takes beside the options of {@link generate}. */
export interface SpreadOptions {
  readonly signal?: AbortSignal;
  /** Spreads candidates and the discovery over workers; the result is the same for any number of them. */
  readonly executor?: Executor;
  /** Addresses of the modules that export `rules`, in the same order: workers import them. Needed with an executor. */
  readonly ruleModules?: readonly string[];
}

/** What a run makes. */
export interface Generated {
  readonly associations: Association[];
  /** Rows that are in none of them. */
  readonly orphans: AssociationPool;
}

/** `20260801t120000`, in UTC. */
export function makeTimestamp(now: Date = new Date()): string {
  return now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "t");
}

/**
 * All associations of a pool.
 * @throws AssociationError when the pool has no candidates; with `onProblem`, rows and rules that fail are reported and left
 *   out, and the rest is made
 */
export function generate(pool: AssociationPool, options: GenerateOptions): Generated {
  const run = prepare(pool, options);
  return finish(pool, run, runToEnd(growInSteps(run)));
}

/** {@link generate}, with a rest for other work (signals, the page) some twenty times a second, or spread over workers. */
export async function generateAsync(
  pool: AssociationPool,
  options: GenerateOptions & SpreadOptions,
): Promise<Generated> {
  const run = prepare(pool, options);
  const { executor, ruleModules, signal } = options;
  if (executor !== undefined && executor.workers > 1 && ruleModules !== undefined && !options.perPool)
    return finish(pool, run, await spreadRun(run, executor, ruleModules, signal));
  const steps = growInSteps(run);
  let last = Date.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return finish(pool, run, value as Grown);
    if (Date.now() - last < 50) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (signal?.aborted) throw new Cancelled();
    last = Date.now();
  }
}

interface Run {
  readonly options: GenerateOptions;
  readonly usable: AssociationPool;
  readonly frame: Frame;
  readonly discover: boolean;
  readonly keepCandidates: boolean;
}

/** What has grown, before it is closed. */
interface Grown {
  readonly candidates: Association[];
  readonly discovered: Association[];
}

function prepare(pool: AssociationPool, options: GenerateOptions): Run {
  const { candidateIds, versionId = null, onProblem } = options;
  const both = candidateIds === undefined && !options.discover && !options.allCandidates;
  const once = onProblem === undefined ? undefined : reportOnce(onProblem);
  return {
    options: { ...options, ...(once === undefined ? {} : { onProblem: once }) },
    usable: (options.sort ? pool.sorted() : pool).inferCandidates(once),
    frame: {
      rules: options.rules,
      versionId: versionId === true ? makeTimestamp() : versionId,
      close: options.finalize ?? true,
      onProblem: once,
    },
    discover: both || options.discover === true,
    keepCandidates: both || options.allCandidates === true || candidateIds !== undefined,
  };
}

/** A row is looked at for several candidates; what is wrong with it is said once. */
function reportOnce(report: (problem: Problem) => void): (problem: Problem) => void {
  const said = new Set<string>();
  return (problem) => {
    const key = `${problem.row} ${problem.column} ${problem.rule} ${problem.message}`;
    if (said.has(key)) return;
    said.add(key);
    report(problem);
  };
}

function* growInSteps(run: Run): Generator<void, Grown> {
  const { options, usable, frame, discover, keepCandidates } = run;
  const { rows } = usable;
  const report = options.onProgress;
  let candidates: Association[] = [];
  if (options.perPool) {
    const ids = discover || options.allCandidates ? undefined : options.candidateIds;
    candidates = yield* growPool(rows, poolRegistry(frame.rules, ids), frame, report);
  } else if (keepCandidates)
    candidates = yield* growCandidates(
      wantedCandidates(usable, options),
      candidateRegistry(frame.rules),
      frame,
      report,
    );
  const discovered = discover ? yield* growDiscovered(rows, discoveryRegistry(frame.rules), frame, report) : [];
  return { candidates, discovered };
}

async function spreadRun(
  run: Run,
  executor: Executor,
  ruleModules: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Grown> {
  const { options, usable, frame, discover, keepCandidates } = run;
  return spread(usable, keepCandidates ? wantedCandidates(usable, options) : [], {
    frame,
    discover,
    executor,
    ruleModules,
    signal,
    report: options.onProgress,
  });
}

function finish(pool: AssociationPool, run: Run, { candidates, discovered }: Grown): Generated {
  const { options, frame, discover, keepCandidates } = run;
  const registry = discoveryRegistry(frame.rules);
  const { onProblem } = frame;
  const onError =
    onProblem === undefined
      ? undefined
      : (association: Association | undefined, error: unknown) =>
          onProblem(association === undefined ? callbackProblem(pool.name, error) : ruleProblem(association, error));
  const close = (list: Association[]): Association[] => (frame.close ? registry.finalize(list, onError) : list);
  let out: Association[];
  if (options.perPool) {
    out = close([...candidates, ...discovered]);
    if (discover && !keepCandidates) out = out.filter((a) => a.registered.ruleset === registry.name);
    if (discover) resequence(out);
  } else {
    const all = [...discovered, ...candidates];
    if (discover) resequence(all);
    out = close(all);
  }
  if (options.merge) out = mergeAssociations(out);
  const ids = options.candidateIds;
  if (options.dms && ids !== undefined) out = out.filter((a) => ids.some((id) => a.acid.id.includes(id)));
  return { associations: out, orphans: orphansOf(pool, out) };
}

/** What a rule could not do with one of its associations: where its first exposure is in the pool. */
export function ruleProblem(association: Association, error: unknown): Problem {
  const first = association.products.flatMap((p) => p.members).find((m) => m.item !== undefined)?.item;
  return {
    pool: first?.pool ?? association.pool,
    ...(first === undefined ? {} : { row: first.line }),
    rule: association.rule.name,
    message: `the rule failed, and an association is left out: ${describeError(error)}`,
    severity: "error",
    cause: error,
  };
}

const callbackProblem = (pool: string, error: unknown): Problem => ({
  pool,
  message: `a callback of the rules failed, and what it would have changed stays: ${describeError(error)}`,
  severity: "error",
  cause: error,
});

/** Rows that are in none of the associations. */
export function orphansOf(pool: AssociationPool, associations: readonly Association[]): AssociationPool {
  const used = new Set<number>();
  for (const association of associations)
    for (const product of association.products)
      for (const { item } of product.members) if (item !== undefined) used.add(item.index);
  return pool.subset((row) => !used.has(row.index));
}

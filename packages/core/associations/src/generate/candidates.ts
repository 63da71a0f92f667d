import { Cancelled } from "@calwebb/errors";
import type { Association, RegisteredRule } from "../association.js";
import { AttrConstraint } from "../constraint/declare.js";
import { escapePattern } from "../constraint/nodes.js";
import type { Problem } from "../errors.js";
import { resequence } from "../finalize/finalize.js";
import { mergeAssociations } from "../finalize/merge.js";
import { type Candidate, parseCandidates } from "../literal.js";
import type { AssociationPool } from "../pool/pool.js";
import type { PoolRow } from "../pool/row.js";
import { AssociationRegistry, type RuleSource } from "../registry.js";
import { growInSteps, runToEnd } from "./generate.js";

/** Name of the rule set for candidates. */
export const CANDIDATE_RULESET = "candidate";
/** Name of the rule set for what is discovered across candidates. */
export const DISCOVER_RULESET = "discover";

export interface GenerateOptions {
  /** Only these candidates. */
  readonly candidateIds?: readonly string[];
  /** Associations of candidates (default, unless only discoveries are asked for). */
  readonly allCandidates?: boolean;
  /** Associations across candidates. Default: when neither `candidateIds` nor one of the two is given, both. */
  readonly discover?: boolean;
  /** Put into names and files; `true` is the time. */
  readonly versionId?: string | true | null;
  /** Lists of rules, or modules that export them: `[level2Rules, level3Rules]`. */
  readonly rules: readonly RuleSource[];
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
  readonly onProgress?: (event: { label: string; done: number; total: number }) => void;
}

/** `20260801t120000`, in UTC. */
export function makeTimestamp(now: Date = new Date()): string {
  return now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "t");
}

/**
 * A constraint on candidates: those given, or any; the elements of a list of candidates are looked at one by one.
 */
export function constrainOnCandidates(ids?: readonly string[]): AttrConstraint {
  return new AttrConstraint({
    name: "asn_candidate",
    sources: ["asn_candidate"],
    ...(ids?.length ? { value: `.+(${ids.map(escapePattern).join("|")}).+` } : {}),
    isAcid: true,
    evaluate: true,
  });
}

/** Rows offer one candidate each: it is taken as it stands. */
const oneCandidate = (): AttrConstraint =>
  new AttrConstraint({ name: "asn_candidate", sources: ["asn_candidate"], value: ".+", isAcid: true, evaluate: true });

const progress =
  (report: GenerateOptions["onProgress"], label: string) =>
  (done: number, total: number): void => {
    if (report !== undefined && (done & 63) === 0) report({ label, done, total });
  };

/** The candidates asked for, in that order; all when none are. */
function wantedCandidates(pool: AssociationPool, options: GenerateOptions): CandidateRows[] {
  const known = candidatesOf(pool);
  const { candidateIds, onProblem } = options;
  if (candidateIds === undefined) return known;
  const ids = [...candidateIds];
  if (options.dms) {
    const rows = new Set(known.filter((c) => candidateIds.includes(c.id)).flatMap((c) => c.rows));
    for (const c of known)
      if (c.type === "background" && !ids.includes(c.id) && c.rows.some((r) => rows.has(r))) ids.push(c.id);
  }
  return ids.flatMap((id) => {
    const found = known.find((c) => c.id === id);
    if (found !== undefined) return [found];
    onProblem?.({
      pool: pool.name,
      column: "asn_candidate",
      message: `there is no candidate "${id}" in the pool`,
      severity: "warning",
    });
    return [];
  });
}

interface CandidateRows extends Candidate {
  readonly rows: PoolRow[];
}

/** Candidates of a pool with their rows: by type in the order in which types appear, then in order of appearance. */
export function candidatesOf(pool: AssociationPool): CandidateRows[] {
  const byType = new Map<string, Map<string, CandidateRows>>();
  const byId = new Map<string, PoolRow[]>();
  const parsed = new Map<string, Candidate[]>();
  for (const row of pool.rows) {
    const text = row.get("asn_candidate") ?? "";
    let candidates = parsed.get(text);
    if (candidates === undefined) parsed.set(text, (candidates = parseCandidates(text)));
    for (const { id, type } of candidates) {
      let rows = byId.get(id);
      if (rows === undefined) byId.set(id, (rows = []));
      if (rows[rows.length - 1] !== row) rows.push(row);
      let ofType = byType.get(type);
      if (ofType === undefined) byType.set(type, (ofType = new Map()));
      if (!ofType.has(id)) ofType.set(id, { id, type, rows });
    }
  }
  return [...byType.values()].flatMap((m) => [...m.values()]);
}

/** Associations of stages 2 and 3 that are not valid are dropped at once; rules of one's own may still mend theirs. */
const mayBeValid = (association: Association): boolean => association.rule.level === undefined || association.isValid;

/** What a run makes. */
export interface Generated {
  readonly associations: Association[];
  /** Rows that are in none of them. */
  readonly orphans: AssociationPool;
}

/**
 * All associations of a pool.
 * @throws AssociationError when the pool has no candidates; with `onProblem`, rows and rules that fail are reported and left
 *   out, and the rest is made
 */
export function generate(pool: AssociationPool, options: GenerateOptions): Generated {
  return runToEnd(generateInSteps(pool, options));
}

/** {@link generate}, with a rest for other work (signals, the page) some twenty times a second. */
export async function generateAsync(
  pool: AssociationPool,
  options: GenerateOptions & { readonly signal?: AbortSignal },
): Promise<Generated> {
  const steps = generateInSteps(pool, options);
  let last = Date.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value as Generated;
    if (Date.now() - last < 50) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (options.signal?.aborted) throw new Cancelled();
    last = Date.now();
  }
}

function* generateInSteps(pool: AssociationPool, options: GenerateOptions): Generator<void, Generated> {
  const versionId = options.versionId === true ? makeTimestamp() : (options.versionId ?? null);
  const ids = options.candidateIds;
  const both = ids === undefined && !options.discover && !options.allCandidates;
  const discover = both || options.discover === true;
  const keepCandidates = both || options.allCandidates === true || ids !== undefined;
  const { onProblem, onProgress } = options;
  const usable = (options.sort ? pool.sorted() : pool).inferCandidates(onProblem);
  const make = (name: string, candidates?: readonly string[] | "any" | "one"): AssociationRegistry =>
    new AssociationRegistry({
      definitions: options.rules,
      name,
      ...(candidates === undefined
        ? {}
        : {
            globalConstraint:
              candidates === "one"
                ? oneCandidate()
                : constrainOnCandidates(candidates === "any" ? undefined : candidates),
          }),
    });
  const plain = make(DISCOVER_RULESET);
  const close = options.finalize ?? true;
  let associations: Association[] = [];
  if (options.perPool) {
    const registry = make(CANDIDATE_RULESET, ids !== undefined && !discover ? ids : "any");
    associations = yield* growInSteps(usable.rows, registry, {
      versionId,
      onProblem,
      onRow: progress(onProgress, "pool"),
    });
  } else if (keepCandidates) {
    // One candidate at a time; the constraint stays open and each row offers its one candidate.
    const registry = make(CANDIDATE_RULESET, "one");
    const wanted = wantedCandidates(usable, options);
    for (const [i, { id, type, rows }] of wanted.entries()) {
      onProgress?.({ label: `candidate ${id}`, done: i, total: wanted.length });
      const items = rows.map((row) => row.with("asn_candidate", `[('${id}', '${type}')]`));
      const skip = (r: RegisteredRule): boolean => !r.rule.accepts(type.toLowerCase());
      for (const association of yield* growInSteps(items, registry, { versionId, skip, onProblem }))
        if (!close || mayBeValid(association)) associations.push(association);
      yield;
    }
  }
  if (discover) {
    const skip = (r: RegisteredRule): boolean => !r.rule.accepts("discovered");
    const found = yield* growInSteps(usable.rows, plain, {
      versionId,
      skip,
      onProblem,
      onRow: progress(onProgress, "discovery"),
    });
    const kept = close ? found.filter(mayBeValid) : found;
    associations = [...kept, ...(keepCandidates ? associations : [])];
    resequence(associations);
  }
  let out = associations;
  if (close) out = plain.finalize(associations);
  if (options.merge) out = mergeAssociations(out);
  if (options.dms && ids !== undefined) out = out.filter((a) => ids.some((id) => a.acid.id.includes(id)));
  return { associations: out, orphans: orphansOf(pool, out) };
}

/** Rows that are in none of the associations. */
export function orphansOf(pool: AssociationPool, associations: readonly Association[]): AssociationPool {
  const used = new Set<number>();
  for (const association of associations)
    for (const { item } of association.members) if (item !== undefined) used.add(item.index);
  return pool.subset((row) => !used.has(row.index));
}

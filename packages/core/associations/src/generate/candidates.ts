import { AttrConstraint } from "../constraint/declare.js";
import { escapePattern } from "../constraint/nodes.js";
import type { Problem } from "../errors.js";
import { type Candidate, parseCandidates } from "../literal.js";
import type { AssociationPool } from "../pool/pool.js";
import type { PoolRow } from "../pool/row.js";

/** Name of the rule set for candidates. */
export const CANDIDATE_RULESET = "candidate";
/** Name of the rule set for what is discovered across candidates. */
export const DISCOVER_RULESET = "discover";

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
export const oneCandidate = (): AttrConstraint =>
  new AttrConstraint({ name: "asn_candidate", sources: ["asn_candidate"], value: ".+", isAcid: true, evaluate: true });

/** A candidate and its rows. */
export interface CandidateRows extends Candidate {
  readonly rows: readonly PoolRow[];
}

/** What rows of a candidate have in `asn_candidate` while it is looked at. */
export const candidateText = ({ id, type }: Candidate): string => `[('${id}', '${type}')]`;

/** Candidates of a pool with their rows: by type in the order in which types appear, then in order of appearance. */
export function candidatesOf(pool: AssociationPool): CandidateRows[] {
  const byType = new Map<string, Map<string, { id: string; type: string; rows: PoolRow[] }>>();
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
  // A bare number stands for every candidate whose identifier holds it.
  for (const candidate of byType.get("unknown")?.values() ?? [])
    candidate.rows = pool.rows.filter((row) => row.get("asn_candidate")?.includes(candidate.id));
  return [...byType.values()].flatMap((m) => [...m.values()]);
}

/** The candidates asked for, in that order; all when none are. */
export function wantedCandidates(
  pool: AssociationPool,
  options: { candidateIds?: readonly string[]; dms?: boolean; onProblem?: (problem: Problem) => void },
): CandidateRows[] {
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

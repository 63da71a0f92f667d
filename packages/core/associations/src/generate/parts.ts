import { describeError } from "@calwebb/errors";
import type { Association, RegisteredRule } from "../association.js";
import type { Problem } from "../errors.js";
import type { PoolRow } from "../pool/row.js";
import { AssociationRegistry, type RuleSource } from "../registry.js";
import {
  CANDIDATE_RULESET,
  type CandidateRows,
  candidateText,
  constrainOnCandidates,
  DISCOVER_RULESET,
  oneCandidate,
} from "./candidates.js";
import { growInSteps } from "./generate.js";

/** What the parts of a run have in common. */
export interface Frame {
  readonly rules: readonly RuleSource[];
  readonly versionId: string | null;
  /** Drop what cannot become valid any more. */
  readonly close: boolean;
  readonly onProblem?: ((problem: Problem) => void) | undefined;
}

/** Called now and then with what is being done, and how far. */
export type Report = (event: { label: string; done: number; total: number }) => void;

/** Associations of stages 2 and 3 that are not valid are dropped at once; rules of one's own may still mend theirs. */
const mayBeValid = (association: Association): boolean => association.rule.level === undefined || association.isValid;

/** Rules that look at one candidate at a time. */
export const candidateRegistry = (rules: readonly RuleSource[]): AssociationRegistry =>
  new AssociationRegistry({ definitions: rules, name: CANDIDATE_RULESET, globalConstraint: oneCandidate() });

/** Rules that look at all candidates at once: those given, or all. */
export const poolRegistry = (rules: readonly RuleSource[], ids?: readonly string[]): AssociationRegistry =>
  new AssociationRegistry({
    definitions: rules,
    name: CANDIDATE_RULESET,
    globalConstraint: constrainOnCandidates(ids),
  });

/** Rules that look across candidates. */
export const discoveryRegistry = (rules: readonly RuleSource[]): AssociationRegistry =>
  new AssociationRegistry({ definitions: rules, name: DISCOVER_RULESET });

/** Which rules do not take candidates of a type; one that cannot say so is reported and not tried. */
function refusals(frame: Frame): (type: string, rows: readonly PoolRow[]) => (rule: RegisteredRule) => boolean {
  return (type, rows) => (registered) => {
    try {
      return !registered.rule.accepts(type);
    } catch (error) {
      if (frame.onProblem === undefined) throw error;
      frame.onProblem({
        pool: rows[0]?.pool ?? "the pool",
        rule: registered.rule.name,
        message: `the rule failed for candidates of type "${type}": ${describeError(error)}`,
        severity: "error",
      });
      return true;
    }
  };
}

/** The associations of each candidate by itself. */
export function* growCandidates(
  candidates: readonly CandidateRows[],
  registry: AssociationRegistry,
  frame: Frame,
  report?: Report,
): Generator<void, Association[]> {
  const { versionId, onProblem, close } = frame;
  const out: Association[] = [];
  const refuses = refusals(frame);
  for (const [i, candidate] of candidates.entries()) {
    report?.({ label: `candidate ${candidate.id}`, done: i, total: candidates.length });
    const type = candidate.type.toLowerCase();
    const text = candidateText(candidate);
    const items = candidate.rows.map((row) => row.with("asn_candidate", text));
    const skip = refuses(type, candidate.rows);
    for (const association of yield* growInSteps(items, registry, { versionId, skip, onProblem }))
      if (!close || mayBeValid(association)) out.push(association);
    yield;
  }
  return out;
}

/** The associations across candidates. */
export function* growDiscovered(
  rows: readonly PoolRow[],
  registry: AssociationRegistry,
  frame: Frame,
  report?: Report,
): Generator<void, Association[]> {
  const { versionId, onProblem, close } = frame;
  const skip = refusals(frame)("discovered", rows);
  const onRow = rowsOf(report, "discovery");
  const found = yield* growInSteps(rows, registry, { versionId, skip, onProblem, onRow });
  return close ? found.filter(mayBeValid) : found;
}

/** The associations of all candidates, looked at together. */
export const growPool = (
  rows: readonly PoolRow[],
  registry: AssociationRegistry,
  frame: Frame,
  report?: Report,
): Generator<void, Association[]> =>
  growInSteps(rows, registry, {
    versionId: frame.versionId,
    onProblem: frame.onProblem,
    onRow: rowsOf(report, "pool"),
  });

const rowsOf =
  (report: Report | undefined, label: string) =>
  (done: number, total: number): void => {
    if (report !== undefined && (done & 63) === 0) report({ label, done, total });
  };

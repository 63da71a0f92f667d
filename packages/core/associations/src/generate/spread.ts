import { defineTask, type Executor, type Task } from "@calwebb/array";
import type { Association } from "../association.js";
import { AssociationError, type Problem } from "../errors.js";
import type { AssociationPool } from "../pool/pool.js";
import type { AssociationRegistry, RuleSource } from "../registry.js";
import type { CandidateRows } from "./candidates.js";
import { runToEnd } from "./generate.js";
import { type Packed, type PackedPool, packAssociations, packPool, unpackAssociations, unpackPool } from "./pack.js";
import {
  candidateRegistry,
  discoveryRegistry,
  type Frame,
  growCandidates,
  growDiscovered,
  type Report,
} from "./parts.js";

/** What a worker gets: the pool, and some candidates or the discovery. */
interface Piece {
  /** Number of the run; its pieces have the same pool. */
  readonly run: number;
  readonly pool: PackedPool;
  readonly ruleModules: readonly string[];
  /** Names of the rules, to be sure that the worker has the same. */
  readonly ruleNames: readonly string[];
  readonly versionId: string | null;
  readonly close: boolean;
  /** Candidates with the positions of their rows; none: look across all. */
  readonly candidates: readonly { readonly id: string; readonly type: string; readonly rows: Int32Array }[] | undefined;
}

interface PieceResult {
  readonly associations: Packed;
  readonly problems: readonly Problem[];
}

/** Pieces per worker: enough that none waits long for another, few enough that each is worth its way. */
const PIECES_PER_WORKER = 3;

let held: { readonly run: number; readonly pool: AssociationPool } | undefined;

/** The pool of a piece; a worker takes the rows apart once in a run. */
function poolOf({ run, pool }: Piece): AssociationPool {
  if (held?.run !== run) held = { run, pool: unpackPool(pool) };
  return held.pool;
}

/** Grow the associations of one piece; runs in a worker. */
export async function growPiece(piece: Piece): Promise<PieceResult> {
  const rules = (await Promise.all(
    piece.ruleModules.map((module) => import(/* @vite-ignore */ module) as Promise<unknown>),
  )) as RuleSource[];
  const problems: Problem[] = [];
  const frame: Frame = {
    rules,
    versionId: piece.versionId,
    close: piece.close,
    // An error may hold what cannot travel; its message says it all.
    onProblem: ({ cause: _, ...problem }) => problems.push(problem),
  };
  const pool = poolOf(piece);
  const registry = piece.candidates === undefined ? discoveryRegistry(rules) : candidateRegistry(rules);
  const names = registry.values().map((r) => r.rule.name);
  if (names.join() !== piece.ruleNames.join())
    throw new AssociationError(`a worker has other rules than its caller: ${piece.ruleModules.join(", ")}`);
  const made = runToEnd(
    piece.candidates === undefined
      ? growDiscovered(pool.rows, registry, frame)
      : growCandidates(
          piece.candidates.map(({ id, type, rows }) => ({ id, type, rows: Array.from(rows, (i) => pool.rows[i]) })),
          registry,
          frame,
        ),
  );
  return { associations: packAssociations(made, registry.values()), problems };
}

const task: Task<Piece, PieceResult> = defineTask(import.meta.url, "growPiece", growPiece);

let runs = 0;

interface SpreadRun {
  readonly frame: Frame;
  readonly discover: boolean;
  readonly executor: Executor;
  readonly ruleModules: readonly string[];
  readonly signal: AbortSignal | undefined;
  readonly report: Report | undefined;
}

/**
 * Grow the associations of candidates and of the discovery in pieces, several at a time. A candidate is always in one piece, and results
 * are put together in the order of the candidates: they do not depend on the pieces.
 */
export async function spread(
  pool: AssociationPool,
  candidates: readonly CandidateRows[],
  run: SpreadRun,
): Promise<{ candidates: Association[]; discovered: Association[] }> {
  const { frame, executor } = run;
  const registries = { candidate: candidateRegistry(frame.rules), discovery: discoveryRegistry(frame.rules) };
  const common: Omit<Piece, "candidates"> = {
    run: runs++,
    pool: packPool(pool),
    ruleModules: run.ruleModules,
    ruleNames: registries.discovery.values().map((r) => r.rule.name),
    versionId: frame.versionId,
    close: frame.close,
  };
  const position = new Map(pool.rows.map((row, i) => [row.index, i]));
  // The discovery takes longest; it comes first.
  const pieces: Piece[] = run.discover ? [{ ...common, candidates: undefined }] : [];
  for (const part of cut(candidates, executor.workers * PIECES_PER_WORKER))
    pieces.push({
      ...common,
      candidates: part.map(({ id, type, rows }) => ({
        id,
        type,
        rows: Int32Array.from(rows, (row) => position.get(row.index) as number),
      })),
    });
  const results = await executor.run(task, pieces, {
    ...(run.signal === undefined ? {} : { signal: run.signal }),
    onDone: (done, total) => run.report?.({ label: "associations", done, total }),
  });
  const rows = new Map(pool.rows.map((row) => [row.index, row]));
  const unpack = (result: PieceResult, registry: AssociationRegistry): Association[] =>
    unpackAssociations(result.associations, registry.values(), rows);
  const ofCandidates = run.discover ? results.slice(1) : results;
  const out = {
    candidates: ofCandidates.flatMap((result) => unpack(result, registries.candidate)),
    discovered: run.discover ? unpack(results[0], registries.discovery) : [],
  };
  // As on one thread: the problems of candidates, then those of the discovery.
  for (const { problems } of [...ofCandidates, ...(run.discover ? results.slice(0, 1) : [])])
    for (const problem of problems) {
      if (frame.onProblem === undefined) throw problemError(problem);
      frame.onProblem(problem);
    }
  return out;
}

const problemError = (problem: Problem): AssociationError =>
  new AssociationError(problem.message, { file: problem.pool });

/** Consecutive candidates with about as many rows in each part. */
function cut(candidates: readonly CandidateRows[], parts: number): CandidateRows[][] {
  const total = candidates.reduce((n, c) => n + c.rows.length, 0);
  const out: CandidateRows[][] = [];
  let rows = 0;
  for (const candidate of candidates) {
    if (out.length === 0 || rows >= (total * out.length) / parts) out.push([]);
    out[out.length - 1].push(candidate);
    rows += candidate.rows.length;
  }
  return out;
}

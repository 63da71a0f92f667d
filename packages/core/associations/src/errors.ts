import { type ErrorFields, ValidationError } from "@calwebb/errors";

/** Anything wrong with an association, a rule or a pool. Recognised as a ValidationError. */
export class AssociationError extends ValidationError {}

/** A structure that is no valid association. */
export class AssociationNotValidError extends AssociationError {}

/** A constraint that a rule asks for by a name that none of its constraints has. */
export class AssociationNotAConstraint extends AssociationError {}

/** Something that went wrong with one row or one rule while the rest went on. */
export interface Problem {
  /** Name of the pool. */
  readonly pool: string;
  /** Line of the pool's file, or the number of the exposure (from 1) in a pool made in memory. */
  readonly row?: number;
  readonly column?: string;
  readonly rule?: string;
  readonly message: string;
  /** Whether something that should exist may be missing because of it. */
  readonly severity: "error" | "warning";
  readonly cause?: unknown;
}

/** @returns one line: `pool, row 12, column exp_type: message` */
export function describeProblem(problem: Problem): string {
  const where = [problem.pool];
  if (problem.row !== undefined) where.push(`row ${problem.row}`);
  if (problem.column !== undefined) where.push(`column ${problem.column}`);
  if (problem.rule !== undefined) where.push(`rule ${problem.rule}`);
  return `${where.join(", ")}: ${problem.message}`;
}

/** An error about one place of a pool. */
export function poolError(problem: Omit<Problem, "severity">): AssociationError {
  const fields: ErrorFields = { file: problem.pool, cause: problem.cause };
  if (problem.column !== undefined) fields.where = problem.column;
  return new AssociationError(describeProblem({ ...problem, severity: "error" }), fields);
}

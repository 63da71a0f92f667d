export {
  type AddResult,
  Association,
  type AssociationData,
  type MemberRecord,
  type RegisteredRule,
} from "./association.js";
export { type CompiledConstraint, compileConstraint } from "./constraint/compile.js";
export {
  type AnyConstraint,
  AttrConstraint,
  type AttrOptions,
  all,
  any,
  Constraint,
  type ConstraintOptions,
  is,
  ListCategory,
  notAll,
  notAny,
  type Pattern,
  type Reducer,
  SimpleConstraint,
  type SimpleOptions,
  same,
  sameIfAny,
  when,
} from "./constraint/declare.js";
export { describeConstraints } from "./constraint/describe.js";
export { matchesPattern } from "./constraint/nodes.js";
export { ConstraintState, type Reprocess, type WorkOver } from "./constraint/types.js";
export { addMembers, removeMembers, selectMembers, updatePath } from "./edit/edit.js";
export { asnFromList, type FromListOptions, type ListItem } from "./edit/from-list.js";
export { type ExposureHeader, type MakePoolOptions, makePool } from "./edit/make-pool.js";
export {
  AssociationError,
  AssociationNotAConstraint,
  AssociationNotValidError,
  describeProblem,
  type Problem,
} from "./errors.js";
export { compareMembers, type MembershipDifference, sameAssociation } from "./finalize/compare.js";
export { finalizeAll, resequence } from "./finalize/finalize.js";
export { mergeAssociations } from "./finalize/merge.js";
export { prune, pruneMemberships, pruneProducts, sortByCandidate } from "./finalize/prune.js";
export {
  CANDIDATE_RULESET,
  candidatesOf,
  constrainOnCandidates,
  DISCOVER_RULESET,
} from "./generate/candidates.js";
export { type GrowOptions, grow } from "./generate/generate.js";
export {
  type Generated,
  type GenerateOptions,
  generate,
  generateAsync,
  makeTimestamp,
  orphansOf,
  ruleProblem,
  type SpreadOptions,
} from "./generate/run.js";
export { type AssociationFormat, dump, FORMATS, missingChecks, serialize } from "./io/dump.js";
export { type LoadOptions, loadAsn } from "./io/load.js";
export { level2Schema, level3Schema, type Schema, schemas, validateAssociation } from "./io/schema.js";
export { type Candidate, type Literal, parseCandidates, parseLiteral } from "./literal.js";
export { Member, type MemberData, type Product } from "./member.js";
export { calibratedName, countrateName } from "./names/level.js";
export {
  ASSOCIATION_FILE,
  type AssociationFileName,
  classifyFile,
  EXPOSURE_FILE,
  PIPELINE_OF_TYPE,
  parseAssociationFileName,
  STAGE3_FILE,
  stageOfType,
  TARGET_FILE,
} from "./names/patterns.js";
export { exposureName, removeSuffix } from "./names/suffix.js";
export { AssociationPool } from "./pool/pool.js";
export { type ReadOptions, readPool } from "./pool/read.js";
export { EMPTY_VALUES, PoolRow } from "./pool/row.js";
export { writePool } from "./pool/write.js";
export { type ProcessList, ProcessQueue, workLeft } from "./process-list.js";
export {
  AssociationRegistry,
  type FinalizeCallback,
  type MatchResult,
  markCallback,
  markRule,
  type RegistryOptions,
  type RuleSource,
  rulesOf,
} from "./registry.js";
export { defineRule, dmsAssociationName, type Rule, type RuleOptions, type ValidityCheck } from "./rule.js";
export {
  readyTasks,
  type WorkflowEdge,
  type WorkflowGraph,
  type WorkflowTask,
  workflowGraph,
} from "./workflow/graph.js";
export { toGraphviz, toMermaid } from "./workflow/text.js";

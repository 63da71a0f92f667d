export { defaultHost } from "#host";
export type { StepConfig } from "./config/asdf.js";
export { encodeConfig, exportConfig, formatConfig } from "./config/export.js";
export { configName, loadConfigFile } from "./config/load.js";
export { parseConfig } from "./config/parse.js";
export { formatCheck, formatSpec, parseCheck, parseSpec } from "./config/spec.js";
export { type ConfigObject, type ConfigSection, fromObject, isSection, mergeObjects, toObject } from "./config/tree.js";
export { type ConfigValue, formatValue, parseValue } from "./config/value.js";
export { writeConfig } from "./config/write.js";
export type { ReferenceModels } from "./generated/references.js";
export { type MemoryHost, type MemoryHostOptions, memoryHost } from "./host/memory.js";
export type { CommandResult, Host } from "./host/types.js";
export { DEFAULT_RULES, globToRegExp, LOG_CONFIG_FILES, type LogRule, parseLogConfig } from "./log/config.js";
export { DEFAULT_FORMAT, formatRecord, type LogRecord } from "./log/format.js";
export { parseLevel } from "./log/levels.js";
export { createLogging, type LoggingOptions, type LogWriter } from "./log/manager.js";
export { productName, removeSuffix } from "./naming/names.js";
export { type BaseParams, baseParams, type HookFunction } from "./params/base.js";
export {
  boolean,
  boolList,
  float,
  floatList,
  forceList,
  inputFile,
  integer,
  intList,
  list,
  option,
  outputFile,
  string,
  stringList,
} from "./params/builders.js";
export { coerce } from "./params/coerce.js";
export { resolveParams } from "./params/resolve.js";
export { suggest } from "./params/suggest.js";
export type { Param, ParamInput, ParamType, ParamValues } from "./params/types.js";
export { warnUnused } from "./params/unused.js";
export { type DeclaredPipeline, definePipeline, type PipelineDeclaration } from "./pipeline/define.js";
export { cacheFile, defineLinearPipeline, type LinearDeclaration, type LinearTypes } from "./pipeline/linear.js";
export type {
  Pipeline,
  PipelineContext,
  PipelineParams,
  PipelineProcess,
  PipelineTypes,
  StepMap,
  StepRunner,
} from "./pipeline/types.js";
export { configure, type RunStepOptions, runStep } from "./run/call.js";
export type { ConfiguredRun } from "./run/configure.js";
export { membersOf, parseLevel2, scienceOf } from "./run/level2.js";
export { isModel } from "./run/models.js";
export type { RunNode } from "./run/node.js";
export type { LoggerFactory, RunEvent, RunOptions } from "./run/options.js";
export { selectionHeader } from "./run/references.js";
export { type DeclaredTypes, defineStep, type RefsOf, type StepDeclaration } from "./step/define.js";
export { type RefOptions, ref, type TypedReference } from "./step/reference.js";
export * from "./step/types.js";
export { SystemCall, type SystemCallSpecs } from "./steps/system-call.js";
export { TestLinearPipeline } from "./steps/test-linear-pipeline.js";

import type { Executor } from "@calwebb/array";
import type { ReferenceResolver } from "@calwebb/crds";
import type { Model } from "@calwebb/datamodels";
import type { Host } from "../host/types.js";
import type { Logger, Step } from "../step/types.js";

/** Something happened in a run. */
export type RunEvent =
  | {
      readonly type: "start" | "done" | "skipped";
      readonly step: string;
      readonly depth: number;
      readonly reason?: string;
    }
  | {
      readonly type: "progress";
      readonly step: string;
      readonly depth: number;
      readonly done: number;
      readonly total: number;
      readonly label?: string;
    }
  | { readonly type: "saved"; readonly step: string; readonly depth: number; readonly path: string };

/** Makes the logger of one step; `name` is dotted, `stpipe.calwebb_detector1.jump`. */
export type LoggerFactory = (name: string) => Logger;

/** How a step is run; everything is optional. */
export interface RunOptions {
  /** Files and the platform; default: that of the place where the program runs. */
  host?: Host;
  /** References as open models (`{gain: model}`) or paths; they win over look-ups, `override_*` parameters win over them. */
  references?: Readonly<Record<string, Model | string>>;
  /** Answers the look-ups that are left; default: reference set, then CRDS. */
  resolver?: ReferenceResolver;
  /** The step may change the input model. */
  consume?: boolean;
  executor?: Executor;
  signal?: AbortSignal;
  logger?: LoggerFactory;
  onEvent?: (event: RunEvent) => void;
  /** Configuration file: `.cfg` or parameter ASDF; parameters given directly win. */
  configFile?: string;
  /** Use parameter references (`pars-<step>`); default: only when a file is given and CRDS answers. */
  parameterReferences?: boolean;
  /** How many bytes steps should keep in memory at most. */
  memoryBudget?: number;
  /** Name of the instance; decides the default suffix. Default: the class name. */
  name?: string;
  /** Steps by alias or class path, for hooks that name them. */
  findStep?: (name: string) => Promise<Step | undefined>;
  /** Positional inputs after the first. */
  more?: readonly unknown[];
  /** Keep the messages of the log in the product (`cal_logs` of its ASDF tree). */
  calLogs?: boolean;
}

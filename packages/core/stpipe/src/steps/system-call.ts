import { boolean, string, stringList } from "../params/builders.js";
import type { Param } from "../params/types.js";
import { type DeclaredTypes, defineStep } from "../step/define.js";
import type { Step } from "../step/types.js";

export interface SystemCallSpecs extends Readonly<Record<string, Param>> {
  command: Param<string>;
  env: Param<readonly string[]>;
  log_stdout: Param<boolean>;
  log_stderr: Param<boolean>;
  exitcode_as_exception: Param<boolean>;
  failure_as_exception: Param<boolean>;
}

/** Runs an external command; `{0}`, `{1}` stand for the inputs. */
export const SystemCall: Step<DeclaredTypes<"JwstDataModel", "JwstDataModel", SystemCallSpecs, readonly []>> =
  defineStep({
    alias: "system_call",
    className: "SystemCall",
    classPath: "stpipe.subproc.SystemCall",
    description: "Run an external command.",
    input: "JwstDataModel",
    output: "JwstDataModel",
    calStep: null,
    takesFiles: true,
    parameters: {
      command: { ...string({ default: "", help: "Command; {0}, {1} stand for the inputs" }), required: true },
      env: stringList({ default: [], help: "Environment variables, NAME=VALUE" }),
      log_stdout: boolean({ default: true, help: "Log what the command writes" }),
      log_stderr: boolean({ default: true, help: "Log what the command writes to its error stream" }),
      exitcode_as_exception: boolean({ default: true, help: "Fail when the command fails" }),
      failure_as_exception: boolean({ default: true, help: "Fail when the command cannot be run" }),
    } as SystemCallSpecs,
    load: () => import("./system-call-process.js"),
  });

import { installCleanup } from "@calwebb/bytes/node";
import { isCalwebbError, UsageError } from "@calwebb/errors";
import { type ConfigObject, type ConfiguredRun, configure, isModel, type RunOptions, type Step } from "@calwebb/stpipe";
import type { Surroundings } from "../surroundings.js";
import type { ProgressDisplay } from "../terminal/progress.js";
import type { RunArgs } from "./args.js";
import type { Target } from "./target.js";

/** Values that do not fit are the command line's fault. */
async function settle(
  target: Target,
  args: RunArgs,
  parameters: ConfigObject,
  options: RunOptions,
): Promise<ConfiguredRun> {
  try {
    const { configFile, name } = target;
    return await configure(target.step, args.inputs, parameters, {
      ...options,
      ...(configFile ? { configFile } : {}),
      ...(name ? { name } : {}),
    });
  } catch (error) {
    if (!isCalwebbError(error, "ValidationError")) throw error;
    throw new UsageError(error.message, { ...error.fields, cause: error.cause });
  }
}

/** Close what a run gives back. */
async function closeResult(result: unknown): Promise<void> {
  for (const item of Array.isArray(result) ? result : [result]) if (isModel(item)) await item.close();
}

/** Refuse what is not as many inputs as the step takes. Steps of plugins that do not say may take any number of them. */
function checkInputs(inputs: readonly string[], step: Step, program: string): void {
  const { alias, classPath, positional } = step;
  const names = (positional ?? ["file"]).map((n) => (n.endsWith("?") ? `[${n.slice(0, -1)}]` : n));
  const usage = `${program} ${alias} ${names.join(" ").toUpperCase()}`;
  if (inputs.length === 0) throw new UsageError(`${alias} needs an input: ${usage}`);
  const least = positional?.filter((n) => !n.endsWith("?")).length ?? 1;
  if (positional !== undefined && (inputs.length < least || inputs.length > positional.length)) {
    const count = least === positional.length ? least : `${least} to ${positional.length}`;
    throw new UsageError(`${alias} takes ${count} inputs, got ${inputs.length}: ${usage}`);
  }
  if (positional === undefined && inputs.length > 1 && classPath.startsWith("jwst."))
    throw new UsageError(
      `${alias} takes one input, got ${inputs.length}: ${inputs.join(" ")}; run it once for each file`,
    );
}

/** Settle the parameters, run, say what was written. */
export async function execute(
  args: RunArgs,
  target: Target,
  parameters: ConfigObject,
  options: RunOptions,
  surroundings: Surroundings,
  display: ProgressDisplay,
): Promise<number> {
  const quiet = args.options["quiet"] === true;
  const run = await settle(target, args, parameters, { ...options, onEvent: display.onEvent });
  const file = args.options["save-parameters"];
  if (typeof file === "string") {
    const { saveParameters } = await import("../commands/save-parameters.js");
    await saveParameters(run.node, file, run.session.host);
    if (args.inputs.length === 0) return 0;
  }
  checkInputs(args.inputs, target.step, surroundings.program);
  run.node.params["save_results"] = true;
  const started = Date.now();
  // The signals are handled where the process starts; what is left when it exits is removed here.
  const forget = installCleanup([]);
  try {
    const result = await run.run();
    await closeResult(result);
  } finally {
    forget();
    display.end();
    await (options.executor as { close?: () => Promise<void> } | undefined)?.close?.();
  }
  if (!quiet) {
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const { saved } = run.session;
    surroundings.err(
      saved.length > 0 ? `wrote ${saved.join(", ")} in ${seconds} s\n` : `nothing was written; ${seconds} s\n`,
    );
  }
  return 0;
}

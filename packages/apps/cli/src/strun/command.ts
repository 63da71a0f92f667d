import { inlineExecutor } from "@calwebb/array";
import { UsageError } from "@calwebb/errors";
import type { Registry } from "@calwebb/registry";
import type { RunOptions, Step } from "@calwebb/stpipe";
import { collecting, exposeGarbageCollector } from "../gc.js";
import { VERSION } from "../generated/version.js";
import { nodeHost } from "../host.js";
import type { Pool } from "../pool/pool.js";
import { makeRegistry } from "../registry.js";
import type { Surroundings } from "../surroundings.js";
import { makeLogging } from "../terminal/log.js";
import { progressDisplay } from "../terminal/progress.js";
import { parseArgs, parseCores, parseSize, type RunArgs } from "./args.js";
import { nestParameters } from "./parameters.js";
import { resolveTarget } from "./target.js";

/** Workers start while the inputs are being read. */
async function startPool(workers: number): Promise<Pool> {
  const { makePool } = await import("../pool/pool.js");
  const pool = makePool(workers);
  pool.start();
  return pool;
}

async function runOptionsOf(args: RunArgs, registry: Registry, surroundings: Surroundings): Promise<RunOptions> {
  const { options } = args;
  const text = (name: string): string | undefined => (typeof options[name] === "string" ? options[name] : undefined);
  const cores = text("cores");
  const memory = text("max-memory");
  if (memory !== undefined) exposeGarbageCollector();
  const workers = cores === undefined ? 1 : parseCores(cores);
  const executor = collecting(workers > 1 ? await startPool(workers) : inlineExecutor);
  return {
    host: nodeHost(surroundings, text("references")),
    signal: surroundings.signal,
    logger: makeLogging(options, surroundings),
    findStep: async (name) => registry.find(name)?.load(),
    executor,
    ...(memory === undefined ? {} : { memoryBudget: parseSize(memory) }),
    ...(options["disable-crds-steppars"] ? { parameterReferences: false } : {}),
    ...(options["cal-logs"] ? { calLogs: true } : {}),
  };
}

async function generalHelp(args: RunArgs, surroundings: Surroundings): Promise<number> {
  const { program } = surroundings;
  if (!args.options["help"]) throw new UsageError(`which step? ${program} STEP INPUT; see ${program} -h`);
  const help = await import("./help.js");
  surroundings.out(help.generalHelp(program));
  return 0;
}

/**
 * `strun TARGET INPUT... [--param=value]`: run a step or pipeline.
 * @param fixed - the step of a program that runs one step only; then there is no TARGET
 * @returns exit status
 */
export async function runCommand(argv: readonly string[], surroundings: Surroundings, fixed?: Step): Promise<number> {
  const parsed = parseArgs(argv);
  const args: RunArgs = fixed
    ? {
        ...parsed,
        target: fixed.alias,
        inputs: [...(parsed.target === undefined ? [] : [parsed.target]), ...parsed.inputs],
      }
    : parsed;
  if (args.options["version"]) {
    surroundings.out(`${VERSION}\n`);
    return 0;
  }
  if (args.target === undefined) return generalHelp(args, surroundings);
  const registry = await makeRegistry(surroundings.cwd, args.plugins, (m) => surroundings.err(`warning: ${m}\n`));
  const target = fixed ? { step: fixed } : await resolveTarget(args.target, registry, surroundings);
  if (args.options["help"]) {
    const { stepHelp } = await import("./help.js");
    surroundings.out(stepHelp(target.step, surroundings.program));
    return 0;
  }
  const display = progressDisplay(surroundings, !args.options["quiet"] && !args.options["no-progress"]);
  const file = args.options["config-file"];
  const parameters = nestParameters(target.step, args.parameters);
  const options = await runOptionsOf(args, registry, {
    ...surroundings,
    // A line of the log takes the place of the bar, which comes back with the next progress.
    err: (text) => {
      display.end();
      surroundings.err(text);
    },
  });
  const { execute } = await import("./execute.js");
  return execute(
    args,
    typeof file === "string" ? { ...target, configFile: file } : target,
    parameters,
    options,
    surroundings,
    display,
  );
}

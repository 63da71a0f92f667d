import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "@calwebb/errors";
import { type ConfigObject, configName, loadConfigFile, type RunOptions } from "@calwebb/stpipe";
import { nodeHost } from "../host.js";
import { makeRegistry } from "../registry.js";
import type { Surroundings } from "../surroundings.js";
import { makeLogging } from "../terminal/log.js";
import { VERSION } from "../version.js";
import { parseArgs, parseCores, parseSize, type RunArgs } from "./args.js";
import type { Target } from "./execute.js";
import { nestParameters } from "./parameters.js";

/** What the first argument names: a configuration file, else a step. */
async function resolveTarget(args: RunArgs, surroundings: Surroundings): Promise<Target> {
  const target = args.target as string;
  const registry = await makeRegistry(surroundings.cwd, args.plugins, (m) => surroundings.err(`warning: ${m}\n`));
  const file = resolve(surroundings.cwd, target);
  if (!existsSync(file) || registry.find(target)) return { step: await registry.load(target) };
  const config: ConfigObject = await loadConfigFile(nodeHost(surroundings), file);
  const named = config["class"];
  if (typeof named !== "string" || named === "")
    throw new UsageError(`${target} does not say which step it is for; add a line "class = ..."`, { file: target });
  return { step: await registry.load(named), configFile: file, name: configName(config, target) };
}

async function runOptionsOf(args: RunArgs, surroundings: Surroundings): Promise<RunOptions> {
  const { options } = args;
  const text = (name: string): string | undefined => (typeof options[name] === "string" ? options[name] : undefined);
  const cores = text("cores");
  const memory = text("max-memory");
  const host = nodeHost(surroundings, text("references"));
  const workers = cores === undefined ? 1 : parseCores(cores);
  const executor = workers > 1 ? (await import("../pool/pool.js")).makePool(workers) : undefined;
  return {
    host,
    signal: surroundings.signal,
    logger: makeLogging(options, surroundings),
    ...(executor ? { executor } : {}),
    ...(memory === undefined ? {} : { memoryBudget: parseSize(memory) }),
    ...(options["disable-crds-steppars"] ? { parameterReferences: false } : {}),
  };
}

/**
 * `strun TARGET INPUT... [--param=value]`: run a step or pipeline.
 * @returns exit status
 */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseArgs(argv);
  if (args.options["version"]) {
    surroundings.out(`${VERSION}\n`);
    return 0;
  }
  if (args.target === undefined) {
    const { generalHelp } = await import("./help.js");
    if (!args.options["help"])
      throw new UsageError(`which step? ${surroundings.program} STEP INPUT; see ${surroundings.program} -h`);
    surroundings.out(generalHelp(surroundings.program));
    return 0;
  }
  const target = await resolveTarget(args, surroundings);
  if (args.options["help"]) {
    const { stepHelp } = await import("./help.js");
    surroundings.out(stepHelp(target.step, surroundings.program));
    return 0;
  }
  const parameters = nestParameters(target.step, args.parameters);
  const options = await runOptionsOf(args, surroundings);
  const { execute } = await import("./execute.js");
  return execute(args, target, parameters, options, surroundings);
}

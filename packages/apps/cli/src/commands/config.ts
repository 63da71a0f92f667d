import { UsageError } from "@calwebb/errors";
import { configure, formatConfig } from "@calwebb/stpipe";
import { nodeHost } from "../host.js";
import { makeRegistry } from "../registry.js";
import { parseArgs } from "../strun/args.js";
import { nestParameters } from "../strun/parameters.js";
import { resolveTarget } from "../strun/target.js";
import type { Surroundings } from "../surroundings.js";

const options = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "output", value: "FILE", help: "Write to a file" },
  { name: "plugin", value: "PACKAGE", help: "Package with further steps" },
];

const HELP = `usage: calwebb config STEP [--PARAMETER=VALUE ...] [--output FILE]

Print the parameters of a step or pipeline as a .cfg, or write them to FILE: ASDF, or .cfg when the name ends so.
STEP is an alias, a class path or a configuration file; parameters given here change its values.
`;

/** `calwebb config STEP`: parameters as a configuration file. */
export async function configCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseArgs(argv, options);
  if (args.options["help"]) {
    surroundings.out(HELP);
    return 0;
  }
  if (args.target === undefined) throw new UsageError("which step? calwebb config STEP");
  if (args.inputs.length > 0) throw new UsageError(`calwebb config takes no input, got ${args.inputs[0]}`);
  const registry = await makeRegistry(surroundings.cwd, args.plugins, (m) => surroundings.err(`warning: ${m}\n`));
  const { step, configFile, name } = await resolveTarget(args.target, registry, surroundings);
  const host = nodeHost(surroundings);
  const { node } = await configure(step, [], nestParameters(step, args.parameters), {
    host,
    name: name ?? step.alias,
    ...(configFile ? { configFile } : {}),
  });
  const { output } = args.options;
  if (typeof output === "string") {
    const { saveParameters } = await import("./save-parameters.js");
    surroundings.err(`wrote ${await saveParameters(node, output, host)}\n`);
    return 0;
  }
  surroundings.out(formatConfig(node));
  return 0;
}

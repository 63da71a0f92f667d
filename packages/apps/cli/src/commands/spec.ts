import { UsageError } from "@calwebb/errors";
import { formatSpec } from "@calwebb/stpipe";
import { makeRegistry } from "../registry.js";
import { parseArgs } from "../strun/args.js";
import type { Surroundings } from "../surroundings.js";

const options = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "plugin", value: "PACKAGE", help: "Package with further steps" },
];

/** `stspec STEP`: every parameter with its type, limits and default. */
export async function specCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program } = surroundings;
  const args = parseArgs(argv, options);
  if (args.options["help"]) {
    surroundings.out(`usage: ${program} STEP\n\nPrint the configspec of a step or pipeline (alias or class path).\n`);
    return 0;
  }
  if (args.target === undefined) throw new UsageError(`which step? ${program} STEP`);
  const registry = await makeRegistry(surroundings.cwd, args.plugins, (m) => surroundings.err(`warning: ${m}\n`));
  surroundings.out(formatSpec(await registry.load(args.target)));
  return 0;
}

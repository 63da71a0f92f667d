import { UsageError } from "@calwebb/errors";
import { makeRegistry } from "../registry.js";
import { parseArgs } from "../strun/args.js";
import type { Surroundings } from "../surroundings.js";

const options = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "json", help: "As JSON" },
  { name: "plugin", value: "PACKAGE", help: "Package with further steps" },
];

/** `calwebb list`: pipelines and steps with their class paths. */
export async function listCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const args = parseArgs(argv, options);
  if (args.options["help"]) {
    surroundings.out(
      "usage: calwebb list [--json] [--plugin PACKAGE]\n\nList pipelines and steps, those of plugins too.\n",
    );
    return 0;
  }
  if (args.target !== undefined || args.parameters.length > 0)
    throw new UsageError(`calwebb list takes no ${args.target ?? `--${args.parameters[0][0]}`}`);
  const registry = await makeRegistry(surroundings.cwd, args.plugins, (m) => surroundings.err(`warning: ${m}\n`));
  // Steps of the framework are there to be named in configurations, not to calibrate with.
  const entries = registry.entries.filter((e) => e.owner !== "stpipe");
  if (args.options["json"]) {
    const rows = entries.map(({ load: _load, ...rest }) => rest);
    surroundings.out(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  for (const kind of ["pipeline", "step"] as const) {
    const rows = entries.filter((e) => (e.kind ?? "step") === kind);
    if (rows.length === 0) continue;
    const wide = Math.max(...rows.map((e) => e.alias.length)) + 2;
    const path = Math.max(...rows.map((e) => e.classPath.length)) + 2;
    surroundings.out(`${kind}s:\n`);
    for (const e of rows) {
      const from = e.owner && e.owner !== "calwebb" ? ` (${e.owner})` : "";
      surroundings.out(`  ${e.alias.padEnd(wide)}${e.classPath.padEnd(path)}${e.description ?? ""}${from}\n`);
    }
  }
  return 0;
}

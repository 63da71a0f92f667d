import { basename } from "node:path";
import type { Step } from "@calwebb/stpipe";
import { start } from "./start.js";

/**
 * Make a program of one step: `stepScript(MyStep)` in a script runs it on the inputs and parameters of the command line, with
 * `--config-file=FILE` for a configuration.
 */
export async function stepScript(step: Step): Promise<void> {
  await start(basename(process.argv[1] ?? step.alias), async (argv, surroundings) => {
    const { runCommand } = await import("./strun/command.js");
    return runCommand(argv, surroundings, step);
  });
}

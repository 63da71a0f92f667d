#!/usr/bin/env node
import { start } from "../start.js";

await start("strun", async (argv, surroundings) => {
  const { runCommand } = await import("../strun/command.js");
  return runCommand(argv, surroundings);
});

#!/usr/bin/env node
import { start } from "../start.js";

await start("stspec", async (argv, surroundings) => {
  const { specCommand } = await import("../commands/spec.js");
  return specCommand(argv, surroundings);
});

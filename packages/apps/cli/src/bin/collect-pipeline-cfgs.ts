#!/usr/bin/env node
import { start } from "../start.js";

await start("collect_pipeline_cfgs", async (argv, surroundings) => {
  const { collectCommand } = await import("../commands/collect.js");
  return collectCommand(argv, surroundings);
});

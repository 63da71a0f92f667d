#!/usr/bin/env node
import { start } from "../start.js";

await start("asn_gather", async (argv, surroundings) => {
  const { gatherCommand } = await import("../asn/gather.js");
  return gatherCommand(argv, surroundings);
});

#!/usr/bin/env node
import { start } from "../start.js";

await start("asn_generate", async (argv, surroundings) => {
  const { generateCommand } = await import("../asn/generate.js");
  return generateCommand(argv, surroundings);
});

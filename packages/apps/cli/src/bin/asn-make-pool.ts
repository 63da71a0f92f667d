#!/usr/bin/env node
import { start } from "../start.js";

await start("asn_make_pool", async (argv, surroundings) => {
  const { makePoolCommand } = await import("../asn/make-pool.js");
  return makePoolCommand(argv, surroundings);
});

#!/usr/bin/env node
import { start } from "../start.js";

await start("asn_from_list", async (argv, surroundings) => {
  const { fromListCommand } = await import("../asn/from-list.js");
  return fromListCommand(argv, surroundings);
});

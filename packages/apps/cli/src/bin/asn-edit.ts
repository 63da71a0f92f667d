#!/usr/bin/env node
import { start } from "../start.js";

await start("asn_edit", async (argv, surroundings) => {
  const { editCommand } = await import("../asn/edit.js");
  return editCommand(argv, surroundings);
});

#!/usr/bin/env node
import { start } from "../start.js";

await start("calwebb", async (argv, surroundings) => {
  const { dispatch } = await import("../commands/dispatch.js");
  return dispatch(argv, surroundings);
});

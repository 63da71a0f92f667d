#!/usr/bin/env node
import { demo } from "../demo/demo.js";

demo(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

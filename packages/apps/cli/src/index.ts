export { commands, dispatch } from "./commands/dispatch.js";
export { VERSION } from "./generated/version.js";
export { makePool, type Pool } from "./pool/pool.js";
export { makeRegistry } from "./registry.js";
export { stepScript } from "./step-script.js";
export { runCommand } from "./strun/command.js";
export type { Command, Surroundings } from "./surroundings.js";

export { commands, dispatch } from "./commands/dispatch.js";
export { makeRegistry } from "./registry.js";
export { runCommand } from "./strun/command.js";
export type { Command, Surroundings } from "./surroundings.js";
export { VERSION } from "./version.js";

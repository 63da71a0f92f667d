export { entryOf, type StepEntry } from "./entry.js";
export { loadPlugin, type PluginLoader, type PluginManifest, readManifest, stepsOf } from "./plugins.js";
export { checkVersion, createRegistry, type Registry } from "./registry.js";

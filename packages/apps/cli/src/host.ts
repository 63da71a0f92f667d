import { defaultHost, type Host } from "@calwebb/stpipe";
import type { Surroundings } from "./surroundings.js";

/** The host of a command: that of Node, with a reference set given on the command line. */
export function nodeHost(surroundings: Surroundings, references?: string): Host {
  return {
    ...defaultHost,
    env: (name) => (name === "CALWEBB_REFERENCES" && references !== undefined ? references : surroundings.env[name]),
  };
}

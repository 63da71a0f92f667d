import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "@calwebb/errors";
import type { Registry } from "@calwebb/registry";
import { configName, loadConfigFile, type Step } from "@calwebb/stpipe";
import { nodeHost } from "../host.js";
import type { Surroundings } from "../surroundings.js";

/** What is to run, and the configuration file that names it. */
export interface Target {
  readonly step: Step;
  readonly configFile?: string;
  /** Name of the instance, when a file gives one. */
  readonly name?: string;
}

/** The configuration file of a name: a file here, else one of those that are shipped. */
function configFile(target: string, cwd: string): string | undefined {
  const shipped = fileURLToPath(new URL("../../cfg/", import.meta.url));
  const places = [resolve(cwd, target), ...(/^[\w-]+\.cfg$/.test(target) ? [resolve(shipped, target)] : [])];
  return places.find((place) => existsSync(place));
}

/** What the first argument names: a step, else a configuration file with its class. */
export async function resolveTarget(target: string, registry: Registry, surroundings: Surroundings): Promise<Target> {
  const file = registry.find(target) ? undefined : configFile(target, surroundings.cwd);
  if (file === undefined) return { step: await registry.load(target) };
  const config = await loadConfigFile(nodeHost(surroundings), file);
  const named = config["class"];
  if (typeof named !== "string" || named === "")
    throw new UsageError(`${target} does not say which step it is for; add a line "class = ..."`, { file: target });
  return { step: await registry.load(named), configFile: file, name: configName(config, target) };
}

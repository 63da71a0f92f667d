import { existsSync } from "node:fs";
import { resolve } from "node:path";
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

/** What the first argument names: a step, else a configuration file with its class. */
export async function resolveTarget(target: string, registry: Registry, surroundings: Surroundings): Promise<Target> {
  const file = resolve(surroundings.cwd, target);
  if (registry.find(target) || !existsSync(file)) return { step: await registry.load(target) };
  const config = await loadConfigFile(nodeHost(surroundings), file);
  const named = config["class"];
  if (typeof named !== "string" || named === "")
    throw new UsageError(`${target} does not say which step it is for; add a line "class = ..."`, { file: target });
  return { step: await registry.load(named), configFile: file, name: configName(config, target) };
}

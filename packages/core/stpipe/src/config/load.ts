import { ValidationError } from "@calwebb/errors";
import type { Host } from "../host/types.js";
import { baseName, folderOf, joinPath, splitExtension } from "../naming/names.js";
import type { Step } from "../step/types.js";
import { parseConfig } from "./parse.js";
import { type ConfigObject, mergeObjects, toObject } from "./tree.js";

const isObject = (value: unknown): value is ConfigObject =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

async function isAsdf(host: Host, path: string): Promise<boolean> {
  const source = await host.open(path);
  try {
    if (source.size < 5) return false;
    const start = await source.read(0, 5);
    return new TextDecoder().decode(start) === "#ASDF";
  } finally {
    await source.close();
  }
}

async function readAsdf(host: Host, path: string): Promise<ConfigObject> {
  const [{ parseAsdf }, { configFromTree }, source] = await Promise.all([
    import("@calwebb/asdf"),
    import("./asdf.js"),
    host.open(path),
  ]);
  try {
    const file = await parseAsdf(source);
    return configFromTree(file.tree, path);
  } finally {
    await source.close();
  }
}

/**
 * Read a configuration file, `.cfg` or parameter ASDF (its first bytes decide), as nested values.
 * @throws {ValidationError} when it cannot be understood
 */
export async function loadConfigFile(host: Host, path: string): Promise<ConfigObject> {
  const file = host.absolute(path);
  if (!(await host.exists(file)))
    throw new ValidationError(`configuration file ${path} does not exist`, { file: path });
  return (await isAsdf(host, file))
    ? readAsdf(host, file)
    : toObject(parseConfig(await host.readText(file), { file: path }));
}

/** Name of the instance that a configuration file stands for: its `name`, else the file's own. */
export function configName(config: Readonly<ConfigObject>, path: string): string {
  const { name } = config;
  return typeof name === "string" && name !== "" ? name : splitExtension(baseName(path))[0];
}

/** Make paths of file parameters start at the folder of the configuration file. */
function resolveFiles(step: Step, config: ConfigObject, folder: string): ConfigObject {
  const out: ConfigObject = { ...config };
  for (const [name, param] of Object.entries(step.allParameters)) {
    const value = out[name];
    const isFile = param.type === "input_file" || param.type === "output_file";
    if (isFile && typeof value === "string" && value !== "" && value !== "None") out[name] = joinPath(folder, value);
  }
  return out;
}

/**
 * Complete a configuration: `config_file` inside a step's section is read (from the folder of this file) and the section's own values win;
 * file names start at the folder of the file that has them.
 */
export async function completeConfig(
  step: Step,
  config: ConfigObject,
  folder: string,
  host: Host,
): Promise<ConfigObject> {
  const out = resolveFiles(step, config, folder);
  if (!isObject(out["steps"])) return out;
  const sections: ConfigObject = {};
  for (const [alias, section] of Object.entries(out["steps"])) {
    const child = step.steps[alias];
    if (!child || !isObject(section)) {
      sections[alias] = section;
      continue;
    }
    const { config_file: file, ...own } = section;
    const inner = await completeConfig(child, own, folder, host);
    if (typeof file !== "string" || file === "" || file === "None") {
      sections[alias] = inner;
      continue;
    }
    const path = joinPath(folder, file);
    const { name, class: _class, ...loaded } = await loadConfigFile(host, path);
    if (typeof name === "string" && name !== "" && name !== alias)
      throw new ValidationError(`${path} is for the step "${name}", not for "${alias}"`, { file: path, where: alias });
    sections[alias] = mergeObjects(await completeConfig(child, loaded, folderOf(path), host), inner);
  }
  return { ...out, steps: sections };
}

import type { RunNode } from "../run/node.js";
import type { StepConfig } from "./asdf.js";
import { type ConfigSection, emptySection } from "./tree.js";
import type { ConfigValue } from "./value.js";

/** Parameters that a file can hold: models given in place of references cannot be written. */
function writable(node: RunNode): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(node.step.allParameters)) {
    const value = node.params[name];
    if (name.startsWith("override_")) {
      if (typeof value === "string") out[name] = value;
      continue;
    }
    out[name] = Array.isArray(value) ? value.filter((v) => typeof v !== "function" && typeof v !== "object") : value;
  }
  return out;
}

/** The settled parameters of a step and its steps, as a parameter file holds them. */
export function exportConfig(node: RunNode): StepConfig {
  return {
    class: node.step.classPath,
    name: node.name,
    parameters: writable(node),
    steps: Object.values(node.children).map(exportConfig),
  };
}

/** The same as a `.cfg`. */
export function configSection(config: StepConfig, withClass = true): ConfigSection {
  const section = emptySection();
  if (withClass) {
    section.entries.set("name", config.name);
    section.entries.set("class", config.class);
  }
  for (const [name, value] of Object.entries(config.parameters)) section.entries.set(name, value as ConfigValue);
  if (config.steps.length > 0) {
    const steps = emptySection();
    for (const step of config.steps) steps.entries.set(step.name, configSection(step, false));
    section.entries.set("steps", steps);
  }
  return section;
}

/** Settled parameters as a file: ASDF, or a `.cfg` when the name ends so. */
export async function encodeConfig(node: RunNode, path: string, date: Date = new Date()): Promise<Uint8Array> {
  const config = exportConfig(node);
  if (/\.cfg$/i.test(path)) {
    const { writeConfig } = await import("./write.js");
    return new TextEncoder().encode(writeConfig(configSection(config)));
  }
  const [{ encodeAsdf }, { configToTree }] = await Promise.all([import("@calwebb/asdf"), import("./asdf.js")]);
  return encodeAsdf(configToTree(config, date));
}

import type { RunNode } from "../run/node.js";
import type { StepConfig } from "./asdf.js";
import { type ConfigSection, emptySection } from "./tree.js";
import { formatTyped } from "./value.js";
import { writeConfig } from "./write.js";

/** Parameters that a file can hold: models given in place of references cannot be written. */
function writable(node: RunNode): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(node.step.allParameters)) {
    const value = node.params[name];
    const param = node.step.allParameters[name];
    if (param.extension && JSON.stringify(value) === JSON.stringify(param.default)) continue;
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

/** Spelled values; {@link writeConfig} takes them as they are. */
function spelled(node: RunNode, withClass: boolean): ConfigSection {
  const section = emptySection();
  if (withClass) {
    section.entries.set("name", `"${node.name}"`);
    section.entries.set("class", `"${node.step.classPath}"`);
  }
  for (const [name, value] of Object.entries(writable(node))) {
    const param = node.step.allParameters[name];
    // The Python package takes "None" for a text; what is not set anyway is left out.
    if (value === null && param.default === null) continue;
    section.entries.set(name, formatTyped(value, param.type));
  }
  const children = Object.values(node.children);
  if (children.length > 0) {
    const steps = emptySection();
    for (const child of children) steps.entries.set(child.name, spelled(child, false));
    section.entries.set("steps", steps);
  }
  return section;
}

/** The settled parameters of a step and its steps as the text of a `.cfg`. */
export function formatConfig(node: RunNode): string {
  return writeConfig(spelled(node, true), true);
}

/** Whole numbers of floating-point parameters stay floats in YAML. */
function marked(config: StepConfig, node: RunNode, mark: (container: object, key: string) => void): StepConfig {
  for (const [name, value] of Object.entries(config.parameters)) {
    const { type } = node.step.allParameters[name];
    if (type === "float" && typeof value === "number") mark(config.parameters, name);
  }
  for (const step of config.steps) marked(step, node.children[step.name], mark);
  return config;
}

/** Settled parameters as a file: ASDF, or a `.cfg` when the name ends so. */
export async function encodeConfig(node: RunNode, path: string, date: Date = new Date()): Promise<Uint8Array> {
  if (/\.cfg$/i.test(path)) return new TextEncoder().encode(formatConfig(node));
  const [{ encodeAsdf, markFloat }, { configToTree }] = await Promise.all([
    import("@calwebb/asdf"),
    import("./asdf.js"),
  ]);
  return encodeAsdf(configToTree(marked(exportConfig(node), node, markFloat), date));
}

import { ValidationError } from "@calwebb/errors";
import type { ConfigObject } from "./tree.js";

/** One step of a parameter file: class, name, parameters, steps. */
export interface StepConfig {
  readonly class: string;
  readonly name: string;
  readonly parameters: Readonly<ConfigObject>;
  readonly steps: readonly StepConfig[];
}

type Mapping = Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wrong = (file: string, why: string): ValidationError =>
  new ValidationError(`${file} is no parameter file: ${why}`, { file });

/** Plain values out of what an ASDF tree holds. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return isMapping(value)
    ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
    : typeof value === "bigint"
      ? Number(value)
      : value;
}

function fromTree(tree: Mapping, file: string): ConfigObject {
  const { class: className, name, parameters, steps } = tree;
  if (typeof className !== "string") throw wrong(file, '"class" is missing');
  if (!isMapping(parameters)) throw wrong(file, '"parameters" is missing');
  const out: ConfigObject = { ...(plain(parameters) as ConfigObject), class: className };
  if (typeof name === "string") out["name"] = name;
  if (Array.isArray(steps) && steps.length > 0) {
    const sections: ConfigObject = {};
    for (const step of steps) {
      if (!isMapping(step) || typeof step["name"] !== "string") throw wrong(file, "a step has no name");
      sections[step["name"]] = fromTree(step, file);
    }
    out["steps"] = sections;
  }
  return out;
}

/**
 * Configuration in an ASDF tree, as nested sections with `class` and `name`. Both layouts are read: class, name, parameters, steps
 * beside each other, and the older one with all of them among the parameters.
 * @throws {ValidationError} when the tree holds something else
 */
export function configFromTree(tree: unknown, file: string): ConfigObject {
  if (!isMapping(tree) || !isMapping(tree["parameters"])) throw wrong(file, '"parameters" is missing');
  return "class" in tree ? fromTree(tree, file) : (plain(tree["parameters"]) as ConfigObject);
}

/** The tree of a parameter file, with the metadata that a reference file needs, to be filled in. */
export function configToTree(config: StepConfig, date: Date): Mapping {
  const step = ({ class: className, name, parameters, steps }: StepConfig): Mapping => ({
    class: className,
    name,
    parameters,
    ...(steps.length > 0 ? { steps: steps.map(step) } : {}),
  });
  const open = "<SPECIFY>";
  return {
    ...step(config),
    meta: {
      author: open,
      date: date.toISOString().slice(0, 19),
      description: `Parameters for calibration step ${config.class}`,
      instrument: { name: open },
      origin: open,
      pedigree: open,
      reftype: open,
      telescope: open,
      useafter: open,
    },
  };
}

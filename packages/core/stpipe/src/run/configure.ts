import { ValidationError } from "@calwebb/errors";
import { completeConfig, configName, loadConfigFile } from "../config/load.js";
import { type ConfigObject, mergeObjects } from "../config/tree.js";
import { folderOf } from "../naming/names.js";
import type { Step } from "../step/types.js";
import { isAssociationFile, parseAssociation } from "./association.js";
import { inFolder } from "./input.js";
import { modelsOf, openFile } from "./models.js";
import { makeNode, type RunNode } from "./node.js";
import type { RunOptions } from "./options.js";
import { selectionHeader } from "./references.js";
import { runNode } from "./run-node.js";
import { makeSession, type Session } from "./session.js";

/** A step with all its parameters settled, ready to run. */
export interface ConfiguredRun {
  readonly node: RunNode;
  readonly session: Session;
  run(): Promise<unknown>;
}

/** Selection metadata of the input; undefined when there is none to be had. */
async function headerOf(
  input: unknown,
  session: Session,
  folder: unknown,
): Promise<Record<string, unknown> | undefined> {
  const model = modelsOf(input)[0];
  if (model) return selectionHeader(model);
  if (typeof input !== "string") return undefined;
  try {
    const inputs = typeof folder === "string" ? folder : "";
    let path = inFolder(input, inputs);
    if (isAssociationFile(path)) {
      const { products } = parseAssociation(await session.host.readText(path), path);
      const science = products[0].members.find((m) => m.exptype.toLowerCase() === "science");
      if (!science) return undefined;
      path = inFolder(science.expname, inputs || folderOf(path));
    }
    const opened = await openFile(session, path);
    try {
      return selectionHeader(opened);
    } finally {
      await opened.close();
    }
  } catch {
    // A file that cannot be opened is reported where it is needed, with its reason.
    return undefined;
  }
}

const parsType = (step: Step): string => `pars-${step.className.toLowerCase()}`;

/** Parameters that parameter references give to a step and to the steps of a pipeline. */
async function referenceParams(step: Step, header: Record<string, unknown>, session: Session): Promise<ConfigObject> {
  const children = Object.entries(step.steps);
  const types = [...new Set([parsType(step), ...children.map(([, child]) => parsType(child))])];
  const log = session.logger(`stpipe.${step.className}`);
  let answers: Record<string, string>;
  try {
    const resolver = await session.resolver();
    answers = await resolver.find(header, types, { optional: types, signal: session.signal });
  } catch (cause) {
    session.signal.throwIfAborted();
    log.debug(`no parameter references: ${cause instanceof Error ? cause.message : String(cause)}`);
    return {};
  }
  const load = async (one: Step): Promise<ConfigObject> => {
    const file = answers[parsType(one)];
    if (!file || file === "N/A") return {};
    log.info(`parameters of ${file}`);
    const { class: _class, name: _name, ...params } = await loadConfigFile(session.host, file);
    return params;
  };
  const steps: ConfigObject = {};
  for (const [alias, child] of children) steps[alias] = await load(child);
  return mergeObjects(children.length > 0 ? { steps } : {}, await load(step));
}

/** Files that parameters name must be there before anything runs; names become absolute. */
async function checkFiles(node: RunNode, session: Session): Promise<void> {
  for (const [name, param] of Object.entries(node.step.allParameters)) {
    const value = node.params[name];
    if (typeof value !== "string" || value === "") continue;
    if (param.type === "input_file") {
      const path = session.host.absolute(value);
      if (!(await session.host.exists(path)))
        throw new ValidationError(`parameter ${name} of ${node.name}: the file ${value} does not exist`, {
          file: value,
          where: name,
        });
      node.params[name] = path;
    } else if (param.type === "output_file") node.params[name] = session.host.absolute(value);
  }
  for (const child of Object.values(node.children)) await checkFiles(child, session);
}

/**
 * Settle the parameters of a step: defaults, then parameter references, then a configuration file, then those given here.
 * @param inputs - positional inputs
 * @throws {ValidationError} for an unknown parameter or a value that does not fit
 */
export async function configure(
  step: Step,
  inputs: readonly unknown[],
  params: Readonly<Record<string, unknown>> = {},
  options: RunOptions = {},
): Promise<ConfiguredRun> {
  const session = await makeSession(options);
  const { host } = session;
  let file: ConfigObject = {};
  let { name } = options;
  if (options.configFile !== undefined) {
    const loaded = await loadConfigFile(host, options.configFile);
    name ??= typeof loaded["name"] === "string" && loaded["name"] ? configName(loaded, options.configFile) : undefined;
    file = await completeConfig(step, loaded, folderOf(host.absolute(options.configFile)), host);
  }
  const direct = await completeConfig(step, { ...params }, "", host);
  let fromReferences: ConfigObject = {};
  const wanted = options.parameterReferences ?? session.parameterReferences;
  if (wanted && !isTrue(host.env("STPIPE_DISABLE_CRDS_STEPPARS")) && inputs.length > 0) {
    const header = await headerOf(inputs[0], session, direct["input_dir"]);
    if (header) fromReferences = await referenceParams(step, header, session);
  }
  const node = makeNode(step, mergeObjects(fromReferences, file, direct), name ?? step.className);
  await checkFiles(node, session);
  return { node, session, run: () => runNode(node, session, inputs, options.consume ?? false) };
}

const isTrue = (text: string | undefined): boolean => text !== undefined && /^(true|t|yes|y)$/i.test(text);

/** Run a step on a file or a model with parameters given as values. */
export async function callStep(
  step: Step,
  input: unknown,
  params: Readonly<Record<string, unknown>>,
  options: RunOptions = {},
): Promise<unknown> {
  const { run } = await configure(step, [input, ...(options.more ?? [])], params, options);
  return run();
}

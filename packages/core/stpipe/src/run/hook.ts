import { describeError, ValidationError } from "@calwebb/errors";
import { type ConfigObject, mergeObjects } from "../config/tree.js";
import { parseValue } from "../config/value.js";
import { joinPath } from "../naming/names.js";
import type { Step } from "../step/types.js";
import { SystemCall } from "../steps/system-call.js";
import { modelsOf } from "./models.js";
import { makeNode, type RunNode } from "./node.js";
import { runNode } from "./run-node.js";
import type { Session } from "./session.js";

const MODULE = /^(.+\.[cm]?[jt]s|[@\w./-]+):(\w+)$/;
const DOTTED = /^[A-Za-z_][\w-]*(?:(?:\.|::)[A-Za-z_]\w*)*$/;
const WITH_PARAMETERS = /^([A-Za-z_][\w.]*)\((.*)\)$/s;

const isStep = (value: unknown): value is Step =>
  typeof value === "object" && value !== null && "apiVersion" in value && "load" in value;

/** `threshold=5, mode='fast'` as values. */
function readArguments(text: string): ConfigObject {
  const out: ConfigObject = {};
  for (const part of text.match(/\w+\s*=\s*(?:"[^"]*"|'[^']*'|\[[^\]]*\]|[^,])*/g) ?? []) {
    const equals = part.indexOf("=");
    const value = part.slice(equals + 1).trim();
    const list = /^\[(.*)\]$/s.exec(value);
    out[part.slice(0, equals).trim()] = parseValue(list ? `${list[1]},` : value).value;
  }
  return out;
}

async function fromModule(hook: string, path: string, name: string, session: Session): Promise<unknown> {
  if (!session.host.importModule) throw new ValidationError(`hook ${hook}: modules cannot be imported here`);
  let module: Record<string, unknown>;
  try {
    module = await session.host.importModule(path);
  } catch (cause) {
    throw new ValidationError(`hook ${hook}: cannot import ${path}: ${describeError(cause)}`, { file: path, cause });
  }
  const value = module[name];
  if (typeof value !== "function" && !isStep(value))
    throw new ValidationError(`hook ${hook}: ${path} exports no function or step "${name}"`, {
      file: path,
      where: name,
    });
  return value;
}

interface Resolved {
  readonly step?: Step;
  readonly fn?: (...args: unknown[]) => unknown;
  readonly params?: ConfigObject;
  readonly command?: string;
}

/** What a hook stands for: a function, a step with parameters, a command. */
async function resolveHook(hook: unknown, session: Session): Promise<Resolved> {
  if (typeof hook === "function") return { fn: hook as (...args: unknown[]) => unknown };
  if (isStep(hook)) return { step: hook };
  if (typeof hook !== "string")
    throw new ValidationError(`a hook must be a command, a step or a function, got ${String(hook)}`);
  const module = MODULE.exec(hook);
  if (module && !hook.includes("::")) {
    const value = await fromModule(hook, module[1], module[2], session);
    return isStep(value) ? { step: value } : { fn: value as (...args: unknown[]) => unknown };
  }
  const call = WITH_PARAMETERS.exec(hook);
  const name = call?.[1] ?? hook;
  if (DOTTED.test(name)) {
    const step = await session.findStep(name);
    if (step) return { step, params: call ? readArguments(call[2]) : {} };
  }
  return { command: hook };
}

/** Models as files that a command can read: the file they came from, or one written into the working folder. */
async function filesOf(args: readonly unknown[], name: string, node: RunNode, session: Session): Promise<string[]> {
  const { saveModel } = await import("./save.js");
  const files: string[] = [];
  for (const item of args.flatMap((a) => (Array.isArray(a) ? a : [a]))) {
    const model = modelsOf(item)[0];
    if (!model) {
      files.push(String(item));
      continue;
    }
    const known = session.paths.get(model);
    if (known) {
      files.push(known);
      continue;
    }
    const { filename } = model.meta;
    const number = String(files.length).padStart(4, "0");
    files.push(
      await saveModel(node, session, model, { path: joinPath("", `${node.qualifiedName}.${name}.${number}.fits`) }),
    );
    model.meta.filename = filename;
  }
  return files;
}

/**
 * Run one hook on the inputs or the result of a step.
 * @returns what replaces them, or nothing
 */
export async function runHook(
  hook: unknown,
  name: string,
  node: RunNode,
  session: Session,
  args: readonly unknown[],
): Promise<unknown> {
  const { fn, step, params = {}, command } = await resolveHook(hook, session);
  if (command !== undefined || step?.takesFiles) {
    const files = await filesOf(args, name, node, session);
    const target = step ?? (SystemCall as unknown as Step);
    await runNode(makeNode(target, command === undefined ? params : { command }, name, node), session, files, true);
    return undefined;
  }
  for (const model of args.flatMap((a) => modelsOf(a))) session.paths.delete(model);
  if (fn) return fn(...args);
  const target = step as Step;
  const inner = makeNode(target, mergeObjects({ output_ext: node.params["output_ext"] }, params), target.alias, node);
  return runNode(inner, session, args, true);
}

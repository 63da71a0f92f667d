import type { Model, ModelName } from "@calwebb/datamodels";
import { isCalwebbError, ReferenceNotFound, ValidationError } from "@calwebb/errors";
import { referenceFacts } from "../generated/references.js";
import { baseName } from "../naming/names.js";
import type { Reference } from "../step/types.js";
import { isModel, openFile } from "./models.js";
import type { RunNode } from "./node.js";
import type { Session } from "./session.js";

/** What a look-up gave. */
export interface FoundReference {
  /** Path, `"N/A"`, or a name that stands for an open model. */
  readonly name: string;
  /** What the metadata of the result will say; undefined: nothing. */
  readonly record: string | undefined;
  readonly path?: string;
  readonly model?: Model;
}

const NONE: FoundReference = { name: "N/A", record: undefined };
const NOT_APPLICABLE: FoundReference = { name: "N/A", record: "N/A" };

async function given(value: Model | string, type: string, node: RunNode, session: Session): Promise<FoundReference> {
  if (isModel(value)) {
    const name = `override://${value.modelType}`;
    return { name, record: name, model: value };
  }
  const path = value.trim();
  if (path === "") return NONE;
  if (path === "N/A") return NOT_APPLICABLE;
  const absolute = session.host.absolute(path);
  if (!(await session.host.exists(absolute)))
    throw new ReferenceNotFound(
      `${node.name}: the file given for the ${type} reference, ${path}, does not exist; check --override_${type}`,
      { file: path, where: `override_${type}`, step: node.name },
    );
  return { name: absolute, record: absolute, path: absolute };
}

/** The flat metadata that references are selected by. */
export function selectionHeader(model: Model): Record<string, unknown> {
  const header: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(model.toFlat()))
    if (["string", "number", "boolean"].includes(typeof value)) header[path] = value;
  return header;
}

/**
 * Find the reference of a type: an override, then one given with the run, then a look-up.
 * @throws {ReferenceNotFound} when a look-up has no answer or an override does not exist
 */
export async function findReference(
  type: string,
  model: Model,
  node: RunNode,
  session: Session,
): Promise<FoundReference> {
  const override = node.params[`override_${type}`] ?? session.references[type];
  if (override !== undefined && override !== null) return given(override as Model | string, type, node, session);
  const resolver = await session.resolver();
  session.lookedUp = true;
  const answers = await resolver.find(selectionHeader(model), [type], { signal: session.signal });
  const path = answers[type];
  if (path === undefined || path === "N/A") return NOT_APPLICABLE;
  return { name: path, record: `crds://${baseName(path)}`, path };
}

/** Whether an array of a reference says anything; one value that is a number is enough. */
function saysNothing(model: Model, array: string): boolean {
  const values = model.hasArray(array) ? (model.get(array) as { data: ArrayLike<number> }).data : [];
  if (!(values instanceof Float32Array || values instanceof Float64Array) || values.length === 0) return false;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) return false;
  return true;
}

/** Refuse a reference that says it is of another type, and one without a single number in it. */
async function checkReference(model: Model, type: string, loaded: boolean): Promise<void> {
  const stated = String(model.get("meta.reftype") ?? "").trim();
  const other = stated.toLowerCase();
  // Home-made files say all sorts of things; only the name of another type is a sign of a mistake.
  if (other !== type.toLowerCase() && Object.hasOwn(referenceFacts, other))
    throw new ValidationError(`its REFTYPE is ${stated}; name a file of the right type, or correct its REFTYPE`, {
      where: "REFTYPE",
      got: stated,
      wanted: type.toUpperCase(),
    });
  if (!loaded) return;
  const { modelInfo } = await import("@calwebb/datamodels");
  const array = modelInfo(model.modelType)?.primaryArray;
  if (array && saysNothing(model, array))
    throw new ValidationError(`all values of its ${array} are NaN; name a file with data`, {
      where: array,
      got: "NaN",
    });
}

const keyOf = (type: string, path: string | undefined, model: ModelName | undefined): string =>
  `${type} ${model ?? ""} ${path}`;

/**
 * Open a reference that was found. Who opens a file closes it.
 * @param load - whether to read its arrays, or which of them
 */
export async function openReference(
  found: FoundReference,
  type: string,
  session: Session,
  model: ModelName | undefined,
  load: boolean | readonly string[],
): Promise<Model> {
  const arrays = load === false ? undefined : load === true ? [] : load;
  if (found.model) {
    if (arrays) await found.model.load(...arrays);
    return found.model;
  }
  const path = found.path as string;
  const key = keyOf(type, path, model);
  try {
    const kept = session.kept.get(key);
    session.kept.delete(key);
    const opened = kept ?? (await openFile(session, path, model));
    if (arrays) await opened.load(...arrays);
    if (kept === undefined) await checkReference(opened, type, arrays !== undefined);
    return opened;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    if (isCalwebbError(cause, "Cancelled")) throw cause;
    throw new ReferenceNotFound(`cannot use ${path} as the ${type} reference: ${detail}`, {
      file: path,
      where: type,
      cause,
    });
  }
}

/** References of one step that are open. */
export interface OpenReferences {
  readonly refs: Record<string, Model>;
  readonly names: Record<string, string>;
  /** Type and name, in the order of the look-ups. */
  readonly records: [type: string, name: string][];
  /** Files to close after the step. */
  readonly opened: Model[];
  /** Those of them that a later step may have, by what it will ask for. */
  readonly kept: Map<Model, string>;
}

/** Whether a later step of the pipeline reads a reference of this type before it runs. */
function isNeededLater(type: string, node: RunNode): boolean {
  const steps = Object.values(node.parent?.children ?? {});
  return steps
    .slice(steps.indexOf(node) + 1)
    .some(({ step, params }) => params["skip"] !== true && step.references.some((r) => r.type === type && !r.manual));
}

/** Close what a step has opened, except what is part of the result or is needed by a later step. */
export async function closeReferences(open: OpenReferences, result: readonly Model[], session: Session): Promise<void> {
  for (const model of open.opened.splice(0)) {
    const key = open.kept.get(model);
    if (key !== undefined) {
      await session.kept.get(key)?.close();
      session.kept.set(key, model);
    } else if (!result.includes(model)) await model.close();
  }
}

/** Open a reference that a step declares, and see to its end. */
async function open(
  reference: Reference,
  found: FoundReference,
  input: Model,
  node: RunNode,
  session: Session,
  into: OpenReferences,
): Promise<void> {
  const { type } = reference;
  const wanted = reference.modelFor(input, node.params);
  const load = reference.lazy ? false : (reference.arrays ?? true);
  const opened = await openReference(found, type, session, wanted, load);
  into.refs[type] = opened;
  if (found.model) return;
  into.opened.push(opened);
  if (reference.kept && isNeededLater(type, node)) into.kept.set(opened, keyOf(type, found.path, wanted));
}

/**
 * Find what a step declares, in its order, and open it. Gives the type of the first reference that is needed but does not apply.
 */
export async function openReferences(
  references: readonly Reference[],
  model: Model,
  node: RunNode,
  session: Session,
  into: OpenReferences,
): Promise<string | undefined> {
  const found: { readonly reference: Reference; readonly file: FoundReference }[] = [];
  for (const reference of references) {
    const { type } = reference;
    if (reference.manual || !reference.needs(model, node.params)) continue;
    const file = await findReference(type, model, node, session);
    into.names[type] = file.name;
    if (file.record !== undefined) into.records.push([type, file.record]);
    if (file.name === "N/A") {
      if (reference.optional) continue;
      return type;
    }
    session.logger(node.qualifiedName).info(`${type} reference: ${file.name}`);
    found.push({ reference, file });
  }
  const ends = await Promise.allSettled(
    found.map(({ reference, file }) => open(reference, file, model, node, session, into)),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return undefined;
}

import type { ByteSink } from "@calwebb/bytes";
import type { Model, Table } from "@calwebb/datamodels";
import { IoError, isCalwebbError } from "@calwebb/errors";
import { baseName, folderOf, joinPath, productName } from "../naming/names.js";
import type { SaveOptions } from "../step/types.js";
import { type RunNode, search } from "./node.js";
import type { Session } from "./session.js";

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Name of the file that the run started from, as nodes know it. */
function inputFile(node: RunNode): string | undefined {
  for (let at: RunNode | undefined = node; at; at = at.parent) if (at.inputFile) return at.inputFile;
  return undefined;
}

/** Folder of inputs that are named without one. */
export function inputDir(node: RunNode): string {
  for (let at: RunNode | undefined = node; at; at = at.parent) {
    const own = text(at.params["input_dir"]) ?? at.inputDir;
    if (own !== undefined) return own;
  }
  return "";
}

/** Suffix of the products of a step: its own, a pipeline's, the lower-case name of the instance. */
export function suffixOf(node: RunNode): string | false {
  if (node.params["suffix"] === false) return false;
  return text(node.params["suffix"]) ?? node.name.toLowerCase();
}

/** Where a product of a step goes. */
export function outputPath(node: RunNode, session: Session, options: SaveOptions = {}): string {
  if (options.path) return session.host.absolute(options.path);
  const ext = options.ext ?? text(node.params["output_ext"]) ?? ".fits";
  const named = node.params["search_output_file"] === false ? undefined : text(search(node, "output_file"));
  const base = options.name ?? named ?? inputFile(node) ?? `step_${node.name}.fits`;
  const name = productName({
    base,
    suffix: options.suffix ?? suffixOf(node),
    ext,
    parts: [options.index, ...(options.parts ?? (node.namePart === undefined ? [] : [node.namePart]))],
  });
  const folder = text(search(node, "output_dir"));
  return joinPath(folder ? session.host.absolute(folder) : "", name);
}

/** The base name and index of a result, as `output_use_model` and `search_output_file` decide. */
function resultOptions(node: RunNode, model: Model, options: SaveOptions): SaveOptions {
  const own = options.name ?? text(node.params["output_file"]);
  const useModel = node.params["output_use_model"] === true || (!own && node.params["search_output_file"] === false);
  if (!useModel) return { ...options, name: own };
  return { ...options, name: model.meta.filename ?? own, index: undefined };
}

function failed(path: string, cause: unknown, node: RunNode): never {
  if (isCalwebbError(cause)) throw cause;
  throw new IoError(`cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    file: path,
    step: node.name,
    cause,
  });
}

/**
 * Write a model under the name that the rules give it. The file appears whole or not at all.
 * @param others - products that are being written at the same time and come before this one in what is reported
 */
export async function saveModel(
  node: RunNode,
  session: Session,
  model: Model,
  options: SaveOptions = {},
  others: readonly Promise<unknown>[] = [],
): Promise<string> {
  const path = outputPath(node, session, resultOptions(node, model, options));
  const { encodeModel } = await import("@calwebb/datamodels");
  const folder = folderOf(path);
  if (folder) await session.host.makeFolder(folder);
  const sink = await session.host.sink(path);
  try {
    session.signal.throwIfAborted();
    // The ending decides the format; writing a model also commits it.
    await encodeModel(model, sink, { fileName: baseName(path), signal: session.signal });
  } catch (cause) {
    await sink.abort();
    failed(path, cause, node);
  }
  await Promise.allSettled(others);
  session.saved.push(path);
  session.logger(node.qualifiedName).info(`wrote ${path}`);
  session.emit({ type: "saved", step: node.name, depth: node.depth, path });
  return path;
}

async function saveBytes(
  node: RunNode,
  session: Session,
  options: SaveOptions,
  write: (sink: ByteSink) => Promise<void>,
): Promise<string> {
  const path = outputPath(node, session, options);
  const folder = folderOf(path);
  if (folder) await session.host.makeFolder(folder);
  const sink = await session.host.sink(path);
  try {
    await write(sink);
  } catch (cause) {
    await sink.abort();
    failed(path, cause, node);
  }
  session.saved.push(path);
  session.emit({ type: "saved", step: node.name, depth: node.depth, path });
  return path;
}

/** Write text (a catalog, an association) under the name that the rules give it. */
export function saveText(node: RunNode, session: Session, content: string, options: SaveOptions = {}): Promise<string> {
  return saveBytes(node, session, options, async (sink) => {
    await sink.write(new TextEncoder().encode(content), 0);
    await sink.commit();
  });
}

/** Write a table as a FITS file under the name that the rules give it. */
export function saveTable(
  node: RunNode,
  session: Session,
  table: Table,
  options: SaveOptions & { cards?: Readonly<Record<string, string | number | boolean>> } = {},
): Promise<string> {
  const { cards, ...naming } = options;
  return saveBytes(node, session, naming, async (sink) => {
    const { encodeTable } = await import("@calwebb/datamodels");
    await encodeTable(table, sink, cards);
  });
}

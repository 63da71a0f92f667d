import type { Executor } from "@calwebb/array";
import { type AsdfFile, parseAsdf } from "@calwebb/asdf";
import { type ByteSource, inflated } from "@calwebb/bytes";
import { isCalwebbError, ValidationError } from "@calwebb/errors";
import { type FitsFile, type Hdu, openFits } from "@calwebb/fits";
import { historyOf, takeTree } from "./asdf/take.js";
import { finish, wantModelInfo } from "./create.js";
import { DataModel } from "./data-model.js";
import { ImageCell, TableCell } from "./fits/cells.js";
import { mapDq } from "./fits/dq.js";
import { guessModel } from "./fits/guess.js";
import { HduIndex } from "./fits/lookup.js";
import { FitsReader } from "./fits/read.js";
import type { ModelName, Models } from "./generated/types.js";
import type { Model, ValidationPolicy } from "./model.js";
import { type ModelInfo, modelInfo } from "./schema/decode.js";
import type { TreeObject } from "./tree/types.js";
import { writtenOf } from "./written.js";

/** How to open a file. */
export interface OpenOptions extends ValidationPolicy {
  /** Open as this class, whatever the file says of itself. */
  model?: ModelName;
  /** Most bytes that a gzip file may grow to. */
  maxBytes?: number;
  /** Reads large arrays when they are loaded asynchronously (`model.load`). */
  executor?: Executor;
}

const baseName = (name: string): string =>
  name
    .replace(/[?#].*$/, "")
    .split(/[\\/]/)
    .pop()!
    .replace(/\.gz$/i, "");

/**
 * Open a FITS (also gzip) or ASDF file; the content decides which it is. Keywords are read, arrays stay in the file until
 * they are accessed or loaded. The class is that of `options.model`, else DATAMODL, else what the content suggests.
 * @throws {FitsFormatError | AsdfFormatError} for files that are broken or of neither format
 * @throws {ValidationError} when an array has other dimensions than the class wants, or the file is of another kind
 */
export function openModel<N extends ModelName>(
  source: ByteSource | FitsFile,
  options: OpenOptions & { model: N },
): Promise<Models[N]>;
export function openModel(source: ByteSource | FitsFile, options?: OpenOptions): Promise<Model>;
export async function openModel(source: ByteSource | FitsFile, options: OpenOptions = {}): Promise<Model> {
  return openAs(source, options.model === undefined ? undefined : wantModelInfo(options.model), options);
}

/** Open as a described class; undefined lets the file decide. */
export async function openAs(
  source: ByteSource | FitsFile,
  info: ModelInfo | undefined,
  options: OpenOptions,
): Promise<Model> {
  if ("hdus" in source) return fromFits(source, info, options);
  const plain = await inflated(source, { maxBytes: options.maxBytes });
  const start = await plain.read(0, Math.min(5, plain.size));
  const text = String.fromCharCode(...start);
  if (text === "#ASDF") return fromAsdf(await parseAsdf(plain, { name: plain.name }), plain, info, options);
  return fromFits(await openFits(plain, { executor: options.executor }), info, options);
}

function policyOf(options: OpenOptions): ValidationPolicy {
  const { strictValidation, passInvalidValues, validateOnAssignment, log } = options;
  return { strictValidation, passInvalidValues, validateOnAssignment, log };
}

/** The tree of the ASDF extension, with cells for what it links to. */
async function extensionTree(file: FitsFile, info: ModelInfo): Promise<TreeObject> {
  const hdu = file.find("ASDF");
  if (hdu === undefined) return {};
  const bytes = await hdu.readBytes();
  const asdf = await parseAsdf(bytes, { name: `${file.name} (ASDF extension)` });
  const index = new HduIndex(file);
  return takeTree(asdf, info.root, (source) => cellOf(index.linked(source)));
}

function cellOf(hdu: Hdu | undefined): unknown {
  if (hdu === undefined) return undefined;
  if (hdu.kind === "image" || hdu.kind === "primary")
    return hdu.shape.length === 0 ? undefined : new ImageCell(hdu, undefined);
  return hdu.kind === "bintable" ? new TableCell(hdu, undefined) : undefined;
}

async function fromFits(file: FitsFile, wanted: ModelInfo | undefined, options: OpenOptions): Promise<Model> {
  const guess = wanted === undefined ? guessModel(file) : { name: wanted.name, stated: true };
  const info = wanted ?? wantModelInfo(guess.name);
  const policy = policyOf(options);
  const tree = await extensionTree(file, info);
  readInto(tree, file, info, policy);
  if (wanted !== undefined) checkKind(file, info, tree);
  if (info.autoArrays.includes("dq") && info.primaryArray in tree) mapDq(tree);
  const model = build(info, tree, policy, baseName(file.name));
  model.origin = {
    name: file.name,
    fits: file,
    source: file.source,
    written: writtenOf(model.tree.meta as TreeObject),
  };
  if (!guess.stated) {
    policy.log?.warn(`${file.name} does not name its model class (DATAMODL); opened as ${info.name}`);
    delete (model.tree.meta as TreeObject).model_type;
  }
  return model;
}

/** Read a file; where its arrays are not those of the class, say which class it is of. */
function readInto(tree: TreeObject, file: FitsFile, info: ModelInfo, policy: ValidationPolicy): void {
  try {
    new FitsReader(file, info, policy).into(tree);
  } catch (cause) {
    const stated = file.hdus[0].header.getString("DATAMODL")?.trim();
    if (stated === undefined || stated === info.name || !isCalwebbError(cause, "ValidationError")) throw cause;
    const about = cause.message.replace(`${file.name}: `, "");
    throw new ValidationError(`${file.name} is of the model ${stated} and cannot be used as ${info.name}: ${about}`, {
      file: file.name,
      where: "DATAMODL",
      got: stated,
      wanted: info.name,
      cause: cause.cause,
    });
  }
}

function build(info: ModelInfo, tree: TreeObject, policy: ValidationPolicy, fileName: string): DataModel {
  const history = historyOf(tree);
  delete tree.history;
  const model = new DataModel(info, tree, policy);
  model.history = history;
  finish(model);
  if (fileName !== "") (tree.meta as TreeObject).filename = fileName;
  return model;
}

/** Refuse a file that says it is of another class and lacks what the wanted class is about. */
function checkKind(file: FitsFile, info: ModelInfo, tree: TreeObject): void {
  const stated = file.hdus[0].header.getString("DATAMODL")?.trim();
  if (stated === undefined || stated === info.name || info.primaryArray === "" || info.primaryArray in tree) return;
  const found = modelInfo(stated);
  if (found?.bases.includes(info.name)) return;
  throw new ValidationError(`${file.name} is a ${stated} without ${info.primaryArray}, which a ${info.name} needs`, {
    file: file.name,
    where: "DATAMODL",
    got: stated,
    wanted: info.name,
  });
}

function fromAsdf(file: AsdfFile, source: ByteSource, wanted: ModelInfo | undefined, options: OpenOptions): Model {
  const meta = file.tree.meta as TreeObject | undefined;
  const stated = typeof meta?.model_type === "string" ? meta.model_type : undefined;
  const info = wanted ?? (stated === undefined ? undefined : modelInfo(stated)) ?? wantModelInfo("JwstDataModel");
  const policy = policyOf(options);
  const tree = takeTree(file, info.root);
  const model = build(info, tree, policy, baseName(source.name));
  model.origin = { name: source.name, source, written: writtenOf(model.tree.meta as TreeObject) };
  return model;
}

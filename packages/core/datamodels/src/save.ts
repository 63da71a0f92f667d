import { AsdfArray, encodeAsdf, writeAsdf } from "@calwebb/asdf";
import type { ByteSink } from "@calwebb/bytes";
import { ValidationError } from "@calwebb/errors";
import { type FitsFile, Header, writeFits } from "@calwebb/fits";
import { giveHistory, giveTree, linkTable } from "./asdf/give.js";
import { timestamp } from "./create.js";
import type { DataModel } from "./data-model.js";
import { ImageCell, TableCell } from "./fits/cells.js";
import { compressDq } from "./fits/dq.js";
import { addExtraFits, addHistory } from "./fits/extra.js";
import { FilledCell } from "./fits/filled-cell.js";
import type { OutHdu } from "./fits/out-hdu.js";
import { FitsBuilder } from "./fits/write.js";
import type { ExtraFits, Model } from "./model.js";
import { isTable, type Table } from "./table.js";
import { dtypeOfSchema } from "./tree/cast.js";
import { defaultShape } from "./tree/defaults.js";
import { isCell, isNdArray, isTreeObject, own, type TreeObject } from "./tree/types.js";

/** How to save. */
export interface EncodeOptions {
  /** Name of the file: becomes FILENAME, and decides the format when that is not given. */
  fileName?: string;
  format?: "fits" | "asdf";
  /** Value of DATE; default now. */
  date?: Date;
  signal?: AbortSignal;
}

/**
 * Write a model. FITS headers are laid out as the schema orders them; arrays that have not been read are copied piece by
 * piece from their file. Sets DATE, FILENAME and DATAMODL of the model, as saving always does. Commits the sink, or aborts
 * it when anything fails.
 * @throws {ValidationError} for a model that has no form in the wanted format
 */
export async function encodeModel(model: Model, sink: ByteSink, options: EncodeOptions = {}): Promise<void> {
  const m = model as unknown as DataModel;
  const format = options.format ?? (/\.asdf$/i.test(options.fileName ?? "") || !m.modelInfo.fits ? "asdf" : "fits");
  if (format === "fits" && !m.modelInfo.fits) {
    await sink.abort();
    throw new ValidationError(`a ${m.modelType} can only be saved as ASDF; give the file the ending .asdf`, {
      got: "fits",
      wanted: "asdf",
    });
  }
  const meta = m.tree.meta as TreeObject;
  if (options.fileName !== undefined) meta.filename = options.fileName;
  meta.model_type = m.modelType;
  if (m.modelInfo.reftype !== undefined && (format === "asdf" || meta.reftype === undefined))
    meta.reftype = m.modelInfo.reftype;
  meta.date = timestamp(options.date);
  m.modelInfo.onSave?.(model);
  for (const problem of requiredProblems(m)) m.policy.log?.warn(problem);
  if (format === "asdf") await saveAsdf(m, sink);
  else await saveFits(m, sink, options.signal);
}

function requiredProblems(model: DataModel): string[] {
  return model.modelInfo.reference ? model.validate().slice(0, 1) : [];
}

/** Values without a form of their own give it themselves. */
function convert(value: object): unknown {
  return "toAsdf" in value && typeof value.toAsdf === "function" ? value.toAsdf() : undefined;
}

async function saveAsdf(model: DataModel, sink: ByteSink): Promise<void> {
  const tree = await giveTree(withoutEmpty(model.tree), model.modelInfo.root, () => undefined);
  const history = giveHistory(model.history);
  await writeAsdf(history === undefined ? tree : { history, ...tree }, sink, { convert });
}

/** Mappings that reading made on the way say nothing. */
function withoutEmpty(tree: TreeObject): TreeObject {
  const { extra_fits, ...rest } = tree;
  return isTreeObject(extra_fits) && Object.keys(extra_fits).length > 0 ? tree : rest;
}

async function saveFits(model: DataModel, sink: ByteSink, signal: AbortSignal | undefined): Promise<void> {
  const { modelInfo: info } = model;
  const source: FitsFile | undefined = model.origin?.fits;
  const builder = new FitsBuilder(info, source, (message) => model.policy.log?.warn(message));
  try {
    const tree = await outTree(model);
    await builder.build(tree);
    const extra = (own(tree, "extra_fits") ?? {}) as ExtraFits;
    await addExtraFits(builder, extra, source);
    addHistory(builder.hdus[0].header, model.history);
    const specs = builder.hdus.map((h) => h.spec());
    if (info.asdfExtension) specs.push(await asdfHdu(model, tree, builder));
    await writeFits(specs, sink, { signal });
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

/** The tree with what saving changes: arrays that exist by default, DQ of reference files in their own bits. */
async function outTree(model: DataModel): Promise<TreeObject> {
  const { modelInfo: info } = model;
  const tree = { ...withoutEmpty(model.tree) };
  if (info.reference && "dq" in tree && "dq_def" in tree) {
    const dq = isCell(tree.dq) ? await tree.dq.load() : tree.dq;
    const def = isCell(tree.dq_def) ? await tree.dq_def.load() : tree.dq_def;
    if (isNdArray(dq) && isTable(def) && def.nrows > 0) tree.dq = compressDq(dq, def);
  }
  const { shape } = model;
  if (shape === undefined) return tree;
  for (const name of info.autoArrays) {
    const schema = info.root.child(name);
    if (schema?.kind !== "array" || name in tree) continue;
    const special = model.place.ctx.defaultShape?.(name);
    const dtype = dtypeOfSchema(schema.datatype);
    tree[name] = new FilledCell(dtype, special ?? defaultShape(name, schema, shape), schema.default ?? 0);
  }
  return tree;
}

async function asdfHdu(model: DataModel, tree: TreeObject, builder: FitsBuilder) {
  const { extra_fits: extra, ...rest } = tree;
  const content = await giveTree(rest, model.modelInfo.root, (at, name, value) => {
    const hdu = builder.placed.get(at === rest ? tree : at)?.get(name) ?? sameHdu(builder, value);
    return hdu === undefined ? undefined : linkOf(hdu, value);
  });
  const kept = extraTree(extra as ExtraFits | undefined, builder);
  const history = giveHistory(model.history);
  const all = { ...(history ? { history } : {}), ...content, ...(kept ? { extra_fits: kept } : {}) };
  const bytes = await encodeAsdf(all, { convert });
  const header = new Header().append("EXTNAME", "ASDF", "extension name");
  const columns = [{ name: "ASDF_METADATA", data: bytes, dtype: "uint8" as const, shape: [bytes.length] }];
  return { kind: "bintable" as const, header, columns, nrows: 1 };
}

/** The HDU that an array outside the schema came from, when it is written too. */
function sameHdu(builder: FitsBuilder, value: unknown): OutHdu | undefined {
  if (!(value instanceof ImageCell || value instanceof TableCell)) return undefined;
  return builder.find(value.hdu.name, value.hdu.version - 1);
}

function linkOf(hdu: OutHdu, value: unknown): AsdfArray | undefined {
  const { data } = hdu;
  if (data === undefined) return undefined;
  if ("columns" in data) return linkTable(hdu.link, data as Table);
  const dtype = data.dtype;
  const shape = isNdArray(value) ? value.shape : data.shape;
  return AsdfArray.link(hdu.link, dtype, [...shape]);
}

/** Extra cards and links to extra HDUs, as the tree keeps them. */
function extraTree(extra: ExtraFits | undefined, builder: FitsBuilder): TreeObject | undefined {
  if (extra === undefined || Object.keys(extra).length === 0) return undefined;
  const out: TreeObject = {};
  for (const [key, { header, data }] of Object.entries(extra)) {
    const hdu = builder.find(key.replace(/,\d+$/, ""), Number(/,(\d+)$/.exec(key)?.[1] ?? 1) - 1);
    const linked = data === undefined || hdu?.data === undefined ? undefined : linkOf(hdu, data);
    out[key] = { ...(header ? { header } : {}), ...(linked ? { data: linked } : {}) };
  }
  return out;
}

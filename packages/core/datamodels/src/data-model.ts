import type { NdArray, TypedArray } from "@calwebb/array";
import type { ByteSource } from "@calwebb/bytes";
import { ValidationError } from "@calwebb/errors";
import type { FitsFile } from "@calwebb/fits";
import { type ArrayChange, ChangedCell, isFresh } from "./fits/changed-cell.js";
import type { Meta } from "./generated/types.js";
import { describeContent } from "./info.js";
import type { ExtraFits, Model, SchemaHit, UpdateOptions, ValidationPolicy } from "./model.js";
import type { ModelInfo, ObjectSchema } from "./schema/decode.js";
import { fromJsonSchema, type JsonSchema, mergeSchemas } from "./schema/from-json.js";
import { findKeyword, searchSchema } from "./schema/search.js";
import { getMember, type Place, setMember } from "./tree/access.js";
import type { Context } from "./tree/context.js";
import { copyTree } from "./tree/copy.js";
import { flatItems } from "./tree/flat.js";
import { loadCells } from "./tree/load.js";
import { deletePath, getPath, hasPath, setPath } from "./tree/path.js";
import { hasArrayAt, hasTableAt } from "./tree/present.js";
import { isCell, isTreeObject, own, type TreeObject } from "./tree/types.js";
import { updateFrom } from "./update.js";
import { problemsOf } from "./validate.js";
import { getWcsCards, setWcsCards } from "./wcs-cards.js";
import type { Written } from "./written.js";

/** Where a model came from, for saving it as it was. */
export interface Origin {
  readonly name: string;
  /** The FITS file; its header cards are kept where nothing has changed. */
  readonly fits?: FitsFile;
  readonly source?: ByteSource;
  /** What the file said of its making. */
  readonly written?: Written;
}

const PROTOTYPES = new WeakMap<ModelInfo, object>();

/** The members of a model class as properties, made when the class is first used. */
function prototypeOf(info: ModelInfo): object {
  const known = PROTOTYPES.get(info);
  if (known !== undefined) return known;
  const proto: object = Object.create(DataModel.prototype);
  for (const name of info.root.names) {
    if (name in DataModel.prototype) continue;
    Object.defineProperty(proto, name, {
      configurable: true,
      enumerable: true,
      get(this: DataModel) {
        return getMember(this.place, name);
      },
      set(this: DataModel, value: unknown) {
        setMember(this.place, name, value);
      },
    });
  }
  PROTOTYPES.set(info, proto);
  return proto;
}

/**
 * A model of any class. Made by `createModel` and `openModel`; the members of its class appear as properties.
 */
export class DataModel implements Model {
  modelInfo: ModelInfo;
  readonly policy: ValidationPolicy;
  tree: TreeObject;
  history: string[] = [];
  origin: Origin | undefined;
  /** @internal */
  place: Place;

  constructor(info: ModelInfo, tree: TreeObject, policy: ValidationPolicy) {
    this.modelInfo = info;
    this.policy = policy;
    this.tree = tree;
    this.place = this.placeOf(info);
    Object.setPrototypeOf(this, prototypeOf(info));
    for (const hidden of ["modelInfo", "policy", "tree", "place", "origin"])
      Object.defineProperty(this, hidden, { enumerable: false });
  }

  private placeOf(info: ModelInfo): Place {
    const ctx: Context = {
      info,
      policy: this.policy,
      shape: () => this.shape,
      defaultShape: (name) => this.specialShape(name),
    };
    return { ctx, tree: this.tree, schema: info.root, path: "" };
  }

  extendSchema(schema: JsonSchema): this {
    const added = fromJsonSchema(schema);
    if (added.kind !== "object") throw new ValidationError("the schema has no properties", { where: this.modelType });
    const root = mergeSchemas(this.modelInfo.root, added) as ObjectSchema;
    this.modelInfo = Object.freeze({ ...this.modelInfo, root });
    this.place = this.placeOf(this.modelInfo);
    return Object.setPrototypeOf(this, prototypeOf(this.modelInfo));
  }

  addSchemaEntry(path: string, schema: JsonSchema): this {
    const parts = path.split(".").reverse();
    return this.extendSchema(parts.reduce<JsonSchema>((inner, name) => ({ properties: { [name]: inner } }), schema));
  }

  get modelType(): string {
    return this.modelInfo.name;
  }

  get meta(): Meta {
    return getMember(this.place, "meta") as Meta;
  }

  get extraFits(): ExtraFits {
    return (this.tree.extra_fits ??= {}) as ExtraFits;
  }

  get primaryArray(): string {
    return this.modelInfo.primaryArray;
  }

  get shape(): readonly number[] | undefined {
    if (this.primaryArray === "") return undefined;
    const primary = own(this.tree, this.primaryArray) as { shape?: readonly number[] } | undefined;
    return primary?.shape;
  }

  private specialShape(name: string): readonly number[] | undefined {
    if (this.modelType !== "SuperstripeRampModel" || name !== "pixeldq") return undefined;
    const stripes = (this.get("meta.subarray.num_superstripe") as number | undefined) ?? 0;
    return this.shape && stripes > 0 ? [stripes, ...this.shape.slice(-2)] : undefined;
  }

  get(path: string): unknown {
    return getPath(this.place, path);
  }

  set(path: string, value: unknown): void {
    setPath(this.place, path, value);
  }

  has(path: string): boolean {
    return hasPath(this.tree, path);
  }

  delete(path: string): boolean {
    return deletePath(this.tree, path);
  }

  hasArray(name: string): boolean {
    return hasArrayAt(this.tree, name);
  }

  hasTable(name: string): boolean {
    return hasTableAt(this.tree, name);
  }

  isUnread(name: string): boolean {
    return isCell(own(this.tree, name));
  }

  async load(...names: string[]): Promise<void> {
    await loadCells(this.tree, names);
  }

  changeArray(name: string, change: ArrayChange): void {
    const held = own(this.tree, name);
    if (isFresh(held)) this.tree[name] = new ChangedCell(held, change);
    else if (this.hasArray(name)) {
      const array = this.get(name) as NdArray;
      if (!array.contiguous) this.tree[name] = array.copy();
      change((this.tree[name] as NdArray).flat() as TypedArray, 0);
    }
  }

  clone(): this {
    return this.copy(true);
  }

  cloneShallow(): this {
    return this.copy(false);
  }

  private copy(arrays: boolean): this {
    const out = new DataModel(this.modelInfo, copyTree(this.tree, arrays), this.policy);
    out.history = [...this.history];
    out.origin = this.origin;
    return out as this;
  }

  update(other: Model | Record<string, unknown>, options: UpdateOptions = {}): void {
    updateFrom(this, other, options);
  }

  items(): IterableIterator<[string, unknown]> {
    return flatItems(this.tree);
  }

  toFlat(includeArrays = false): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [path, value] of flatItems(this.tree)) {
      const array = typeof value === "object" && value !== null && !isTreeObject(value);
      if (includeArrays || !array) out[path] = value;
    }
    return out;
  }

  findFitsKeyword(keyword: string): string[] {
    return findKeyword(this.modelInfo.root, keyword);
  }

  searchSchema(text: string): SchemaHit[] {
    return searchSchema(this.modelInfo.root, text);
  }

  info(): string {
    return describeContent(this);
  }

  validate(): string[] {
    const problems = problemsOf(this);
    if (problems.length > 0 && this.policy.strictValidation)
      throw new ValidationError(problems[0], { file: this.origin?.name });
    return problems;
  }

  getFitsWcs(hdu = "SCI", version = 1, key = ""): Record<string, string | number | boolean> {
    return getWcsCards(this, hdu, version, key);
  }

  setFitsWcs(cards: Readonly<Record<string, string | number | boolean>>, hdu = "SCI"): void {
    setWcsCards(this, cards, hdu);
  }

  /** What a list takes over when this model is appended to it: everything but the file's own bookkeeping. */
  takeAsItem(): TreeObject {
    const { history: _history, extra_fits: _extra, cal_logs: _logs, asdf_library: _library, ...rest } = this.tree;
    return copyTree(rest, false);
  }

  async close(): Promise<void> {
    await this.origin?.source?.close();
  }

  get [Symbol.toStringTag](): string {
    return this.modelType;
  }
}

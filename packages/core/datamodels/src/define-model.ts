import type { ByteSource } from "@calwebb/bytes";
import { ValidationError } from "@calwebb/errors";
import type { FitsFile } from "@calwebb/fits";
import { createFrom, wantModelInfo } from "./create.js";
import type { ModelName, Models } from "./generated/types.js";
import type { CreateOptions, Model } from "./model.js";
import { type OpenOptions, openAs } from "./open.js";
import type { ModelInfo, ObjectSchema } from "./schema/decode.js";
import { fromJsonSchema, type JsonSchema, mergeSchemas } from "./schema/from-json.js";

/** A model class of one's own. */
export interface ModelDeclaration<B extends ModelName> {
  readonly name: string;
  /** Class whose schema is extended; default the core metadata of every product. */
  readonly base?: B;
  /** What is added: JSON Schema with fits_keyword, fits_hdu, datatype, ... */
  readonly schema: JsonSchema;
  /** Array that decides the shape of the others; default that of the base, else "data". */
  readonly primaryArray?: string;
  /** Called before every save, for values that follow from the content. */
  readonly onSave?: (model: Model) => void;
}

/** What `defineModel` gives. */
export interface ModelClass<M extends Model> {
  readonly info: ModelInfo;
  create(init?: CreateOptions & Record<string, unknown>): M;
  open(source: ByteSource | FitsFile, options?: OpenOptions): Promise<M>;
}

/**
 * Declare a model class: `defineModel({ name: "MyModel", base: "ImageModel", schema: { properties: { ... } } })`. Nothing is
 * registered: files are opened as this class with its own `open`.
 * @throws {ValidationError} when the schema is no mapping or uses its words wrongly
 */
export function defineModel<B extends ModelName = "JwstDataModel", M extends Model = Models[B] & Model>(
  declaration: ModelDeclaration<B>,
): ModelClass<M> {
  const { name, base = "JwstDataModel" as B, schema, onSave } = declaration;
  const parent = wantModelInfo(base);
  const added = fromJsonSchema(schema);
  if (added.kind !== "object") throw new ValidationError(`the schema of ${name} has no properties`, { where: name });
  const root = mergeSchemas(parent.root, added) as ObjectSchema;
  const primaryArray = declaration.primaryArray ?? (parent.primaryArray || (root.child("data") ? "data" : ""));
  const info: ModelInfo = Object.freeze({
    ...parent,
    name,
    root,
    primaryArray,
    bases: [base, ...parent.bases],
    onSave,
  });
  return Object.freeze({
    info,
    create: (init = {}) => createFrom(info, init) as unknown as M,
    open: async (source: ByteSource | FitsFile, options: OpenOptions = {}) =>
      (await openAs(source, info, options)) as M,
  });
}

import { ValidationError } from "@calwebb/errors";
import { DataModel } from "./data-model.js";
import type { ModelName, Models } from "./generated/types.js";
import type { CreateInit, CreateOptions, ValidationPolicy } from "./model.js";
import { type ArraySchema, type ModelInfo, modelInfo } from "./schema/decode.js";
import { assignAll } from "./tree/access.js";
import { checkDimensions } from "./tree/cast.js";
import { defaultArray } from "./tree/defaults.js";
import type { TreeObject } from "./tree/types.js";

/** The current time as header values have it: ISO 8601, milliseconds, UTC, no zone. */
export function timestamp(date: Date = new Date()): string {
  return date.toISOString().replace("Z", "");
}

/** The description of a model class. @throws {ValidationError} when there is none of that name */
export function wantModelInfo(name: string): ModelInfo {
  const info = modelInfo(name);
  if (info === undefined) throw new ValidationError(`there is no model class ${name}`, { got: name });
  return info;
}

/** What every new model gets. */
export function finish(model: DataModel): void {
  const { tree, modelInfo: info } = model;
  const meta = (tree.meta ??= {}) as TreeObject;
  if (info.name !== "DataModel") meta.model_type = info.name;
  meta.date ??= timestamp();
  if (info.reference) meta.telescope = "JWST";
}

/**
 * A new model in memory: `createModel("RampModel", { shape: [1, 5, 32, 32] })`, `createModel("ImageModel", { data, dq })`.
 * @param name - model class
 * @param init - shape of the primary array, arrays and tables by name, metadata, validation policy
 * @throws {ValidationError} for arrays of the wrong dimensions
 */
export function createModel<N extends ModelName>(name: N, init: CreateInit<N> = {} as CreateInit<N>): Models[N] {
  return createFrom(wantModelInfo(name), init as CreateOptions & Record<string, unknown>) as unknown as Models[N];
}

/** A new model of a described class. */
export function createFrom(info: ModelInfo, init: CreateOptions & Record<string, unknown>): DataModel {
  const { shape, meta, strictValidation, passInvalidValues, validateOnAssignment, log, ...values } = init;
  const policy: ValidationPolicy = { strictValidation, passInvalidValues, validateOnAssignment, log };
  const model = new DataModel(info, {}, policy);
  if (shape !== undefined) {
    const schema = info.primaryArray === "" ? undefined : info.root.child(info.primaryArray);
    if (schema?.kind !== "array")
      throw new ValidationError(`${info.name} has no primary array that a shape could be given to`);
    checkDimensions(info.primaryArray, shape, schema);
    model.tree[info.primaryArray] = defaultArray(schema as ArraySchema, shape);
  }
  if (meta !== undefined) assignAll(model.place, { meta } as TreeObject);
  assignAll(model.place, values as TreeObject);
  finish(model);
  return model;
}

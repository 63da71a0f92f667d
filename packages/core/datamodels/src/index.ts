export { createModel } from "./create.js";
export type * from "./generated/types.js";
export type * from "./model.js";
export { type ModelInfo, modelInfo, modelNames } from "./schema/decode.js";

export { createModel } from "./create.js";
export type * from "./generated/types.js";
export type * from "./model.js";
export { type OpenOptions, openModel } from "./open.js";
export { type EncodeOptions, encodeModel } from "./save.js";
export { type ModelInfo, modelInfo, modelNames } from "./schema/decode.js";
export { Table, tableFrom } from "./table.js";

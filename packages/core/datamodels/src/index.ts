export { checkAxes } from "./check-axes.js";
export { checkExposure } from "./check-exposure.js";
export {
  type AssociationLike,
  type AssociationMember,
  groupIdOf,
  ModelContainer,
  SourceModelContainer,
} from "./container.js";
export { createModel } from "./create.js";
export { defineModel, type ModelClass, type ModelDeclaration } from "./define-model.js";
export { emptyTable } from "./empty-table.js";
export type { ArrayChange } from "./fits/changed-cell.js";
export type * from "./generated/types.js";
export type * from "./model.js";
export { type OpenOptions, openModel } from "./open.js";
export { decodeTable, encodeTable } from "./plain-table.js";
export { readPlanes } from "./planes.js";
export { type EncodeOptions, encodeModel } from "./save.js";
export { type BlendRule, blendRules } from "./schema/blend.js";
export { type ModelInfo, modelInfo, modelNames } from "./schema/decode.js";
export type { JsonSchema } from "./schema/from-json.js";
export { jsonSchema } from "./schema/json-schema.js";
export { slitOf } from "./slit.js";
export { matchReference, subarrayCutout } from "./subarray/cutout.js";
export { toDetectorFrame, toScienceFrame } from "./subarray/frame.js";
export { isSubarray, matchesSubarray, type Region, referenceRegion, type WarnLog } from "./subarray/match.js";
export { type Rows, type StripeRanges, stripeRanges, stripeReference } from "./subarray/stripes.js";
export { isTable, Table, tableFrom } from "./table.js";
export { keepWritten, type Written, writtenAs } from "./written.js";

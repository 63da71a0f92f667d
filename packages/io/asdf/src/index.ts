export { AsdfBlock, type Compression } from "./block.js";
export type { ByteOrder, DataType, FieldType, NumericType, TextType } from "./datatype.js";
export type { Fields } from "./decode.js";
export { type EncodeOptions, encodeAsdf, encodeAsdfSync, writeAsdf } from "./encode.js";
export {
  ASDF_COLUMN,
  ASDF_EXTNAME,
  type AsdfTable,
  asdfFromFitsTable,
  asdfFromFitsTableSync,
  asdfToFitsTable,
  parseFitsLink,
} from "./fits.js";
export type { AsdfSink, AsdfSource } from "./io.js";
export { type ArrayFields, type ArrayStorage, AsdfArray, type LinkResolver } from "./ndarray.js";
export { AsdfFile, type HistoryEntry, type ParseOptions, parseAsdf, parseAsdfSync } from "./parse.js";
export { addHistory, numberOf, type Quantity, quantityOf, type TimeValue, timeOf, unitOf } from "./semantic.js";
export {
  AsdfComplex,
  type AsdfMapping,
  cloneTree,
  isFloat,
  isMapping,
  markFloat,
  setTag,
  Tagged,
  Timestamp,
  tagName,
  tagOf,
  unmarkFloat,
} from "./tree.js";

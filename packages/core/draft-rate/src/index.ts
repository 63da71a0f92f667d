export { asDraft, type DraftRate, fitDraftRate } from "./rate.js";
export { intermediateModel } from "./product.js";
export { combineMasks, type MaskOptions, sceneMask } from "./mask.js";

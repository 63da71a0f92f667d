export { combineMasks, type MaskOptions, sceneMask } from "./mask.js";
export { hasNirspecScene, type NirspecScene, nirspecScene, type WithoutCoordinates } from "./nirspec.js";
export { intermediateModel } from "./product.js";
export { asDraft, type DraftRate, fitDraftRate } from "./rate.js";

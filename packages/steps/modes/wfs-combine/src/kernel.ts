export { type CombineImage, combine, shiftImage } from "./kernel/combine.js";
export { type RefineOptions, refineOffset } from "./kernel/refine.js";

export { type AlignArgs, alignImages, alignImagesTask } from "./kernel/align.js";
export { replaceBadPixels } from "./kernel/median.js";
export { type Shifter, shifter } from "./kernel/shifter.js";
export { type SingleShifter, singleShifter } from "./kernel/single.js";

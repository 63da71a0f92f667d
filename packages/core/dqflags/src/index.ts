export { group, pixel } from "./generated/flags.js";
export { flagNames, interpretFlags } from "./names.js";
export { type DqDefRow, dqTranslation, translateDq, translateDqInPlace } from "./translate.js";

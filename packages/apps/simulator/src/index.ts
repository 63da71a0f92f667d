export { type Effects, SPACE } from "./detector/expose.js";
export { type ExposureOptions, type SimulatedExposure, simulate } from "./exposure.js";
export { MODES, type Mode, modeOf } from "./modes.js";
export { type Reference, references } from "./reference/models.js";
export { DEEP_FIELD, type Field } from "./sky/scene.js";
export { type WrittenExposure, writeExposure } from "./write.js";

export { ModelBlender } from "./blender.js";
export { blendValues } from "./rules.js";
export { inputTable } from "./table.js";

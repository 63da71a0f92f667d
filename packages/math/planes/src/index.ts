export { addFlags } from "./flags.js";
export { type SubtractReference, subtractReference, subtractReferenceTask } from "./reference.js";
export { type SubtractPlanes, subtractPlanes } from "./subtract.js";

export { type HlspSpecs, HlspStep } from "./step.js";

export { type LastFrameSpecs, LastFrameStep } from "./step.js";

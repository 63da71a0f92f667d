export { type FirstFrameSpecs, FirstFrameStep } from "./step.js";

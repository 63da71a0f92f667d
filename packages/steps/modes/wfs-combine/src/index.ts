export { type WfsCombineSpecs, WfsCombineStep } from "./step.js";

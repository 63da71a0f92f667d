export { GuiderPipeline } from "./pipeline.js";

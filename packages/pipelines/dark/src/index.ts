export { DarkPipeline } from "./pipeline.js";

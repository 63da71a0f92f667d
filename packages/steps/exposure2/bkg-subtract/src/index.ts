export { type BackgroundSpecs, BackgroundStep } from "./step.js";

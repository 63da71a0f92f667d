export { type FlatFieldSpecs, FlatFieldStep } from "./step.js";

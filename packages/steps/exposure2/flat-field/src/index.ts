export { FlatFieldStep } from "./step.js";

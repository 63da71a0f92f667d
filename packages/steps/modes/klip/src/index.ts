export { type KlipSpecs, KlipStep } from "./step.js";

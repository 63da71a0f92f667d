export { type PhotomSpecs, PhotomStep } from "./step.js";

export { type SkyMatchSpecs, SkyMatchStep } from "./step.js";

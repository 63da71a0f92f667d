export { type TSOPhotometrySpecs, TSOPhotometryStep } from "./step.js";

export { type RscdSpecs, RscdStep } from "./step.js";

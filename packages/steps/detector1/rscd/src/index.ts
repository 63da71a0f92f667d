export { RscdStep } from "./step.js";

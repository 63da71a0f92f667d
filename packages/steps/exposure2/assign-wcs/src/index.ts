export { type AssignWcsSpecs, AssignWcsStep } from "./step.js";

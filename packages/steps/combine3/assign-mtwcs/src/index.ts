export { type AssignMTWcsSpecs, AssignMTWcsStep } from "./step.js";

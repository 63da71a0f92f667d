export { type OutlierDetectionSpecs, OutlierDetectionStep } from "./step.js";

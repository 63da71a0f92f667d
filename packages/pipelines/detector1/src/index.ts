export { MIRI_ORDER, NIR_ORDER, type RampStepName } from "./order.js";
export { Detector1Pipeline, Tso1 } from "./pipeline.js";

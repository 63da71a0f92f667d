export { type Coefficients, exponentialFactor, linearFactor, powerLawFactor } from "./kernel/ageing.js";
export { type CalibrateArgs, calibrate } from "./kernel/calibrate.js";
export { exp32 } from "./kernel/exp32.js";
export { describe, findRow, type RowTable } from "./kernel/row.js";

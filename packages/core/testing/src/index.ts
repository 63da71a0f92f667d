export { compareArrays } from "./compare-array.js";
export { compareEcsv } from "./compare-ecsv.js";
export { compareFits } from "./compare-fits.js";
export { type ConformanceOptions, stepConformance } from "./conformance.js";
export { type Tolerance, type Tolerances, toleranceOf } from "./tolerance.js";
export { runTruthCase, type TruthCase, truthSuite } from "./truth.js";

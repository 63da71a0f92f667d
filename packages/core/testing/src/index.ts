export { compareArrays } from "./compare-array.js";
export { compareFits } from "./compare-fits.js";
export { type Tolerance, type Tolerances, toleranceOf } from "./tolerance.js";

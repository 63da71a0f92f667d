export { type BoundedFit, type BoundedOptions, type BoundedResiduals, boundedLeastSquares } from "./bounded.js";
export { type Fit, type FitOptions, type Jacobian, leastSquares, type Residuals } from "./least-squares.js";

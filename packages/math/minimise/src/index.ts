export { type Fit, type FitOptions, type Jacobian, leastSquares, type Residuals } from "./least-squares.js";

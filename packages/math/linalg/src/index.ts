export { pseudoInverse, rank } from "./pseudo-inverse.js";
export { type SingularValues, singularValues } from "./singular-values.js";
export { type SymmetricEigen, symmetricEigen } from "./symmetric-eigen.js";

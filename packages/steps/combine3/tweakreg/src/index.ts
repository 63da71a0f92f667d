export { type TweakRegSpecs, TweakRegStep } from "./step.js";

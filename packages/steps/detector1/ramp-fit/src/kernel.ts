export { fitLikelihood, fitOls, groupNoise } from "@calwebb/ramp";
export { type GroupLimits, groupLimits } from "./limits.js";

export { fitLikelihood, fitOls } from "@calwebb/ramp";
export { type GroupLimits, groupLimits } from "./limits.js";

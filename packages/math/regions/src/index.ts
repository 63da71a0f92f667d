export { atan2 } from "./atan2.js";
export { ellipseRuns, roundHalfEven } from "./ellipse.js";
export { fma } from "./exact.js";
export { filledArea } from "./fill.js";
export { type Labels, labelRuns } from "./label.js";
export { maskRuns, Runs } from "./runs.js";
export { centroid, type Ellipse, momentEllipse } from "./shape.js";
export { sinCos } from "./sincos.js";
export { square } from "./square.js";

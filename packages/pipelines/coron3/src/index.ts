export { Coron3Pipeline, type Coron3Types } from "./pipeline.js";

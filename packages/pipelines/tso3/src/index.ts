export { Tso3Pipeline, type Tso3Types } from "./pipeline.js";

export { Image3Pipeline, type Image3Types } from "./pipeline.js";

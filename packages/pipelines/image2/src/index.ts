export { Image2Pipeline, type Image2Types } from "./pipeline.js";

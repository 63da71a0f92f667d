export { PictureFrameStep } from "./step.js";

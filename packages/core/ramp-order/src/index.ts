export { type LinearStepName, linearOrder } from "./order.js";

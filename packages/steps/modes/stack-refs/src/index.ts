export { StackRefsStep } from "./step.js";

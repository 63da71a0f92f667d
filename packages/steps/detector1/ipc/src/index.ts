export { IPCStep } from "./step.js";

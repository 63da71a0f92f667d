export { type AlignRefsSpecs, AlignRefsStep } from "./step.js";

export { type PersistenceSpecs, PersistenceStep } from "./step.js";

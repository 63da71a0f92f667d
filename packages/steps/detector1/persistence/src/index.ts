export { PersistenceStep } from "./step.js";

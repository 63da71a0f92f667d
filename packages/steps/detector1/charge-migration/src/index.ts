export { ChargeMigrationStep } from "./step.js";

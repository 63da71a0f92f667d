export { type ChargeMigrationSpecs, ChargeMigrationStep } from "./step.js";

export { type SourceCatalogSpecs, SourceCatalogStep } from "./step.js";

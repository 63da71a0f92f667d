export type { FindOptions, ReferenceAnswers, ReferenceResolver } from "./resolver.js";

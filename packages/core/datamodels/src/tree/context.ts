import type { ValidationPolicy } from "../model.js";
import type { ModelInfo } from "../schema/decode.js";

/** What the nodes of one model share. */
export interface Context {
  readonly info: ModelInfo;
  readonly policy: ValidationPolicy;
  /** Shape of the primary array for arrays made by default. */
  shape(): readonly number[] | undefined;
  /** A special default for an array of the model itself. */
  defaultShape?(name: string): readonly number[] | undefined;
}

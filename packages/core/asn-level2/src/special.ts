import type { Association, PoolRow } from "@calwebb/associations";
import { level2Type } from "./base.js";

/**
 * Everything is science, except imprints once there is a science member. Notes in `meta.originalType` what the exposure is by
 * itself.
 */
export function specialType(association: Association, item: PoolRow): string {
  const type = level2Type(item);
  association.meta["originalType"] = type;
  return type === "imprint" && association.hasScience ? "imprint" : "science";
}

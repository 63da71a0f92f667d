import { group } from "@calwebb/dqflags";
import type { Geometry } from "./geometry.js";
import type { Flagged } from "./rows.js";

/** Pixels in the rows of a plane that the geometry leaves out which some group flags as saturated, or as at the floor. */
export function flaggedElsewhere(groupdq: Uint8Array, stride: number, { nx, rows }: Geometry): Flagged {
  const inside = new Set(rows);
  const out: Flagged = { saturated: 0, floor: 0 };
  for (let y = 0; y < stride / nx; y++) {
    if (inside.has(y)) continue;
    for (let p = y * nx; p < (y + 1) * nx; p++) {
      let any = 0;
      for (let at = p; at < groupdq.length; at += stride) any |= groupdq[at];
      if ((any & group.SATURATED) !== 0) out.saturated++;
      if ((any & group.AD_FLOOR) !== 0) out.floor++;
    }
  }
  return out;
}

import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";

const { DO_NOT_USE, CHARGELOSS } = group;

/** One ramp; arrays row-major. */
export interface ChargeMigrationArgs {
  /** [*][ngroups][ny][nx], DN */
  data: Float32Array;
  /** Same shape; changed in place. */
  groupdq: Uint8Array;
  ngroups: number;
  ny: number;
  nx: number;
  integration: number;
  /** DN */
  threshold: number;
}

/**
 * In one integration: from the first group of a pixel above the threshold on (groups whose only flag is DO_NOT_USE do not
 * count), flag CHARGELOSS and DO_NOT_USE in the pixel and its four neighbours, in place.
 * @returns the number of pixels above the threshold
 */
export function flagChargeMigration(a: ChargeMigrationArgs): number {
  const { data, groupdq, ngroups, ny, nx } = a;
  const npix = ny * nx;
  const base = a.integration * ngroups * npix;
  const threshold = Math.fround(a.threshold);
  const first = new Uint16Array(npix).fill(ngroups);
  let found = 0;
  for (let g = ngroups - 1; g >= 0; g--) {
    const at = base + g * npix;
    for (let p = 0; p < npix; p++)
      if (data[at + p] > threshold && groupdq[at + p] !== DO_NOT_USE) {
        if (first[p] === ngroups) found++;
        first[p] = g;
      }
  }
  if (found === 0) return 0;
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      const p = y * nx + x;
      let from = first[p];
      if (y > 0 && first[p - nx] < from) from = first[p - nx];
      if (y < ny - 1 && first[p + nx] < from) from = first[p + nx];
      if (x > 0 && first[p - 1] < from) from = first[p - 1];
      if (x < nx - 1 && first[p + 1] < from) from = first[p + 1];
      for (let g = from; g < ngroups; g++) groupdq[base + g * npix + p] |= CHARGELOSS | DO_NOT_USE;
    }
  return found;
}

/** {@link flagChargeMigration} for the executor. */
export const flagChargeMigrationTask: Task<ChargeMigrationArgs, number> = defineTask(
  import.meta.url,
  "flagChargeMigration",
  flagChargeMigration,
);

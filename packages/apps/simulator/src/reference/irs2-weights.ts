import { type Table, tableFrom } from "@calwebb/datamodels";

/** Complex values per sector: 2048 rows of 712 samples; real and imaginary parts alternate. */
const ROWS = 2048 * 712 * 2;

/**
 * Weights of the IRS2 reference pixels: the interleaved pixels follow the slow drifts, so alpha falls from 1 with frequency;
 * the reference output adds nothing.
 */
export function irs2Reference(): Table {
  const columns: Record<string, Float32Array> = {};
  for (const name of ["alpha", "beta"])
    for (let sector = 0; sector < 4; sector++) {
      const column = new Float32Array(ROWS);
      if (name === "alpha") {
        const n = ROWS / 2;
        for (let k = 0; k < n; k++) {
          const frequency = Math.min(k, n - k) / n;
          column[2 * k] = 1 / (1 + (frequency / 0.02) ** 2);
        }
      }
      columns[`${name}_${sector}`] = column;
    }
  return tableFrom(columns);
}

/** Interleaved reference pixels that must not be used: none, for the four outputs and both parities. */
export function goodOutputs(): Table {
  return tableFrom({
    output: Int16Array.of(1, 1, 2, 2, 3, 3, 4, 4),
    odd_even: Int16Array.of(1, 2, 1, 2, 1, 2, 1, 2),
    mask: new Uint32Array(8),
  });
}

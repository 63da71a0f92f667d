/** Samples of science pixels between two excursions to the reference pixels, and reference samples per excursion. */
export interface Irs2Pattern {
  /** NRS_NORM */
  normal: number;
  /** NRS_REF */
  reference: number;
}

/** The pattern that all flight exposures use. */
export const DEFAULT_IRS2_PATTERN: Irs2Pattern = { normal: 16, reference: 4 };

/** IRS2 images are longer than a detector: 3200 samples along the fast axis. */
export function isIrs2Shape(shape: readonly number[]): boolean {
  return Math.max(shape[shape.length - 1], shape[shape.length - 2]) > 2048;
}

/** Clear the flags of `reference` samples every `normal + reference`, from `start` on. */
function clearReference(mask: Uint8Array, start: number, end: number, { normal, reference }: Irs2Pattern): void {
  for (let i = start; i < end; i += normal + reference) mask.fill(0, i, Math.min(end, i + reference));
}

/**
 * Which samples of an IRS2 line are science pixels, in detector order: 0 for the reference output (the first `output`
 * samples) and for the interleaved reference pixels, else 1.
 * @param length - samples of a line
 * @param output - samples of the reference output
 */
function scienceMask(length: number, output: number, pattern: Irs2Pattern, sameBothWays: boolean): Uint8Array {
  const mask = new Uint8Array(length).fill(1);
  mask.fill(0, 0, output);
  if (sameBothWays) {
    clearReference(mask, output + (pattern.normal >> 1), length, pattern);
    return mask;
  }
  // The reference samples of an amplifier that is read backwards are mirrored.
  const n = Math.floor((length - output) / 4);
  const one = new Uint8Array(n).fill(1);
  clearReference(one, pattern.normal >> 1, n, pattern);
  const mirrored = one.slice().reverse();
  for (let amp = 0; amp < 4; amp++) mask.set(amp % 2 ? mirrored : one, output + amp * n);
  return mask;
}

/** Mask of science samples (1) of an IRS2 line whose reference output has the length of one of 512 pixels. */
export function irs2ScienceMask(length: number, pattern: Irs2Pattern = DEFAULT_IRS2_PATTERN): Uint8Array {
  const { normal, reference } = pattern;
  const output = 512 + Math.floor(512 / normal) * reference;
  const perAmp = Math.floor((length - output) / 4);
  const science = perAmp - Math.floor(perAmp / (normal + reference)) * reference;
  return scienceMask(length, output, pattern, science % normal === 0);
}

/** Mask of science samples (1) of an IRS2 line cut into five equal sectors, the first being the reference output. */
export function irs2SectorMask(length: number, pattern: Irs2Pattern = DEFAULT_IRS2_PATTERN): Uint8Array {
  const { normal, reference } = pattern;
  const sector = Math.floor(length / 5);
  const half = normal >> 1;
  const rest = (((sector - half - reference) % (normal + reference)) + normal + reference) % (normal + reference);
  return scienceMask(length, sector, pattern, rest === half);
}

/**
 * Positions of the science pixels along the long axis of an IRS2 image in science orientation.
 * @param mask - in detector order
 * @param detector - "NRS2" is read backwards
 */
export function irs2ScienceRows(mask: Uint8Array, detector: string): Int32Array {
  const rows: number[] = [];
  const n = mask.length;
  for (let i = 0; i < n; i++) if (mask[detector === "NRS2" ? n - 1 - i : i]) rows.push(i);
  return Int32Array.from(rows);
}

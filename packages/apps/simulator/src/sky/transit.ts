/** A planet that passes in front of its star. Times in days. */
export interface Transit {
  /** Middle of the transit. */
  readonly middle: number;
  /** From the first to the last contact. */
  readonly duration: number;
  /** From the first to the second contact. */
  readonly ingress: number;
  /** Share of the light that is missing in the middle. */
  readonly depth: number;
}

/** Brightness of the star over that out of transit: a trapezoid, for a star without limb darkening. */
export function brightness({ middle, duration, ingress, depth }: Transit, time: number): number {
  const inside = duration / 2 - Math.abs(time - middle);
  if (inside <= 0) return 1;
  return 1 - depth * Math.min(1, inside / ingress);
}

/** What star finders look for. */
export interface StarOptions {
  /** Threshold in the units of the image. */
  threshold: number;
  /** Full width at half maximum of the stars [pixels]. */
  fwhm: number;
  /** Truncation radius of the kernel in standard deviations. */
  sigmaRadius: number;
  /** Smallest distance of two stars [whole pixels]. */
  separation: number;
  sharpness: readonly [number, number];
  roundness: readonly [number, number];
  /** Keep only so many of the brightest. */
  brightest: number | undefined;
  /** Largest value of the brightest pixel. */
  peakmax: number | undefined;
}

/** A star; positions are 0-based pixels. */
export interface Star {
  x: number;
  y: number;
  sharpness: number;
  roundness: number;
  /** Brightest pixel. */
  peak: number;
  flux: number;
  /** Angle of the major axis, counter-clockwise from x [deg, 0 to 360); only of IRAF's finder. */
  orientation?: number;
}

const within = (value: number, [low, high]: readonly [number, number]): boolean => value >= low && value <= high;

type Measured = Star & { roundness2?: number };

/**
 * Measure peaks and keep the stars that pass the limits.
 * @param peaks - x and y of each, 0-based
 * @param measure - gives undefined for what is no star
 */
export function starsAt(
  peaks: ArrayLike<number>,
  measure: (x: number, y: number) => Measured | undefined,
  options: StarOptions,
): Star[] {
  const stars: Measured[] = [];
  for (let k = 0; k < peaks.length; k += 2) {
    const star = measure(peaks[k], peaks[k + 1]);
    if (star) stars.push(star);
  }
  return selectStars(stars, options);
}

/** Stars that pass the limits; the brightest ones, brightest first, when their number is limited. */
export function selectStars(stars: readonly Measured[], options: StarOptions): Star[] {
  const passed = stars.filter(
    (s) =>
      within(s.sharpness, options.sharpness) &&
      within(s.roundness, options.roundness) &&
      (s.roundness2 === undefined || within(s.roundness2, options.roundness)) &&
      (options.peakmax === undefined || s.peak <= options.peakmax),
  );
  if (options.brightest === undefined) return passed;
  return passed
    .map((star, index) => ({ star, index }))
    .sort((a, b) => b.star.flux - a.star.flux || b.index - a.index)
    .slice(0, options.brightest)
    .map(({ star }) => star);
}

import { ValidationError } from "@calwebb/errors";
import { BANDS, SKY, VEGA } from "./band-table.js";

/** A passband of an imager. */
export interface Band {
  readonly filter: string | undefined;
  readonly pupil: string | undefined;
  /** Pivot wavelength and width [um]. */
  readonly wavelength: number;
  readonly width: number;
}

/** Instruments that take pictures. */
export type Imager = keyof typeof BANDS;

/** Passbands of an instrument. */
export const bandsOf = (instrument: Imager): readonly Band[] =>
  BANDS[instrument].map(([filter, pupil, wavelength, width]) => ({
    filter: filter || undefined,
    pupil: pupil || undefined,
    wavelength,
    width,
  }));

/**
 * The passband of a filter and a pupil element. A filter in the beam with another element in the pupil (a mask, a lens) keeps its passband.
 * @throws {ValidationError} when the instrument has no such filter
 */
export function bandOf(instrument: Imager, filter: string | undefined, pupil: string | undefined): Band {
  const bands = bandsOf(instrument);
  const found =
    bands.find((b) => b.filter === filter && b.pupil === pupil) ??
    bands.find((b) => b.filter === filter && b.filter !== "CLEAR") ??
    (instrument === "FGS" ? bands[0] : undefined);
  if (!found)
    throw new ValidationError(`${instrument} has no filter ${filter ?? "(none)"} with pupil ${pupil ?? "(none)"}`, {
      where: "filter",
      wanted: [...new Set(bands.map((b) => [b.filter, b.pupil].filter(Boolean).join("/")))].join(", "),
    });
  return { ...found, filter, pupil };
}

/** Piecewise linear in the logarithms of both. */
function interpolate(table: readonly (readonly [number, number])[], x: number): number {
  let i = table.findIndex(([at]) => at > x);
  if (i < 0) i = table.length - 1;
  i = Math.max(1, i);
  const [[x0, y0], [x1, y1]] = [table[i - 1], table[i]];
  return y0 * (y1 / y0) ** (Math.log(x / x0) / Math.log(x1 / x0));
}

/** Surface brightness of zodiacal light, telescope and stray light [MJy/sr] at a wavelength [um]. */
export const skyBrightness = (wavelength: number): number => interpolate(SKY, wavelength);

/** AB magnitude of a star that has the magnitude 0 in Vega's system. */
export const vegaOffset = (wavelength: number): number => -2.5 * Math.log10(interpolate(VEGA, wavelength) / 3631);

/** Collecting area [m^2], Planck's constant [J s]. */
const MIRROR = 25.4;
const PLANCK = 6.62607015e-34;
/** Share of the photons that become electrons. */
const THROUGHPUT: Readonly<Record<Imager, number>> = { NIRCAM: 0.45, NIRISS: 0.45, MIRI: 0.25, FGS: 0.6 };

/**
 * Electrons per second that a pixel gets from a surface brightness of 1 MJy/sr.
 * @param area - area of the pixel [sr]
 */
export const electronsPerMJySr = (instrument: Imager, { wavelength, width }: Band, area: number): number =>
  ((1e-20 * MIRROR * area * THROUGHPUT[instrument]) / PLANCK) * (width / wavelength);

/** Shift of the image by a filter [pixel]: wedges of the filters, of plausible size. */
export const filterOffset = ({ wavelength, width }: Band): { column: number; row: number } => ({
  column: Number((0.2 * Math.sin(9 * wavelength + width)).toFixed(4)),
  row: Number((0.2 * Math.cos(5 * wavelength - width)).toFixed(4)),
});

import { ValidationError } from "@calwebb/errors";

/** Images beyond this size cannot be indexed. */
const MAX_PIXELS = 2 ** 30;
/** Memory for the output without another limit. */
const DEFAULT_BUDGET = 16 * 2 ** 30;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GB`;

/**
 * Refuse an output that is empty or that would not fit, before anything is allocated.
 * @param planes - arrays of 4-byte values that the output has
 * @param budget - bytes that may be used
 * @throws {ValidationError}
 */
export function checkSize(nx: number, ny: number, planes: number, budget: number = DEFAULT_BUDGET): void {
  const size = `${nx} x ${ny} pixels`;
  if (!(nx >= 1 && ny >= 1 && Number.isInteger(nx) && Number.isInteger(ny)))
    throw new ValidationError(`an output of ${size} is not possible`, { got: size, where: "output_shape" });
  const bytes = nx * ny * planes * 4;
  if (nx * ny > MAX_PIXELS || bytes > budget)
    throw new ValidationError(
      `an output of ${size} would take ${gigabytes(bytes)}, more than there is room for; check that the exposures are of one field, or give output_shape, crpix and crval, or a larger pixel_scale`,
      { got: size, where: "output_shape" },
    );
}

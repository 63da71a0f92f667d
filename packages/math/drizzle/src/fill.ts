import { ValidationError } from "@calwebb/errors";

/**
 * Value of pixels without contributions, from the text of the parameter: a number, NaN; `INDEF` and an empty text mean NaN too.
 * @throws {ValidationError} for any other text
 */
export function fillValue(text: string): number {
  const word = text.trim();
  if (/^(|indef|[+-]?nan)$/i.test(word)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(word);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = Number(word);
  if (Number.isNaN(value))
    throw new ValidationError(`fillval "${text}" is neither a number nor NAN or INDEF`, { got: text });
  return value;
}

/** Set the pixels that nothing was added to. */
export function putFill(out: Float32Array, wht: Float32Array, value: number): void {
  for (let p = 0; p < out.length; p++) if (wht[p] === 0) out[p] = value;
}

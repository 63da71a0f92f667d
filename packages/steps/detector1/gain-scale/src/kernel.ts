/**
 * Multiply every element by a factor in float32, in place. The factor is rounded to float32 first.
 */
export function scale(values: Float32Array, factor: number): void {
  const f = Math.fround(factor);
  for (let i = 0; i < values.length; i++) values[i] *= f;
}

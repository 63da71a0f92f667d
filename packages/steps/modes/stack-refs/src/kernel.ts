/** Arrays of one kind, as kernels see them. */
export type Values = Float32Array | Uint32Array;

/**
 * Put cubes after one another.
 * @param out - as long as all cubes together; overwritten
 */
export function concatenate<T extends Values>(cubes: readonly T[], out: T): void {
  let at = 0;
  for (const cube of cubes) {
    out.set(cube as never, at);
    at += cube.length;
  }
}

import { sortingNetwork } from "@calwebb/stats";

/**
 * Compare-and-swap pairs that bring the middle one (or two) of `n` values to their place: a sorting network without the
 * comparisons that the middle does not depend on.
 * @returns pairs [lower, upper] one after the other
 */
export function medianNetwork(n: number): Int32Array {
  const all = sortingNetwork(n);
  const needed = new Uint8Array(n);
  needed[n >> 1] = 1;
  if (n % 2 === 0 && n > 0) needed[(n >> 1) - 1] = 1;
  const kept: [number, number][] = [];
  for (let c = all.length - 1; c >= 0; c--) {
    const [a, b] = all[c];
    if (!needed[a] && !needed[b]) continue;
    needed[a] = 1;
    needed[b] = 1;
    kept.push(all[c]);
  }
  return Int32Array.from(kept.reverse().flat());
}

/**
 * Compare-and-swap pairs that bring the middle one (or two) of `n` values to their place: Batcher's odd-even merge sort,
 * without the comparisons that the middle does not depend on. (Batcher 1968, AFIPS 32, 307.)
 * @returns pairs [lower, upper] one after the other
 */
export function medianNetwork(n: number): Int32Array {
  const all: [number, number][] = [];
  let size = 1;
  while (size < n) size *= 2;
  for (let p = 1; p < size; p *= 2)
    for (let k = p; k >= 1; k /= 2)
      for (let j = k % p; j + k < size; j += 2 * k)
        for (let i = 0; i < k; i++)
          if (Math.floor((i + j) / (2 * p)) === Math.floor((i + j + k) / (2 * p)) && i + j + k < n)
            all.push([i + j, i + j + k]);
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

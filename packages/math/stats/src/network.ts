/**
 * Compare-and-swap pairs that put `n` values in ascending order: Batcher's odd-even merge sort (Batcher 1968, AFIPS 32, 307).
 * @returns pairs [lower, upper] in the order in which they are to be done
 */
export function sortingNetwork(n: number): [number, number][] {
  const pairs: [number, number][] = [];
  let size = 1;
  while (size < n) size *= 2;
  for (let p = 1; p < size; p *= 2)
    for (let k = p; k >= 1; k /= 2)
      for (let j = k % p; j + k < size; j += 2 * k)
        for (let i = 0; i < k; i++)
          if (Math.floor((i + j) / (2 * p)) === Math.floor((i + j + k) / (2 * p)) && i + j + k < n)
            pairs.push([i + j, i + j + k]);
  return pairs;
}

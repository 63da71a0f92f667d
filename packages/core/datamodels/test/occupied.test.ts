import { expect, test } from "vitest";
import { occupiedFinder } from "../src/fits/occupied.js";

test("every word that is not 0 is found, from anywhere", () => {
  const n = (1 << 16) + 12345;
  const words = new Uint32Array(n);
  const where = [0, 1, 3, 4, 5, 16383, 16384, 32770, 65536, n - 1];
  for (const at of where) words[at] = 2 ** (at % 32);
  const next = occupiedFinder(words);
  const found: number[] = [];
  for (let at = next!(0); at < n; at = next!(at + 1)) found.push(at);
  expect(found).toEqual(where);
  expect(occupiedFinder(words)!(16385)).toBe(32770);
  expect(occupiedFinder(words)!(n)).toBe(n);
});

test("what is changed on the way and other arrays do not disturb", () => {
  const words = new Uint32Array(1 << 17);
  words[7] = 9;
  words[100_000] = 9;
  const next = occupiedFinder(words)!;
  words[next(0)] = 0;
  expect(next(8)).toBe(100_000);
  expect(occupiedFinder(new Uint32Array(70_001))!(0)).toBe(70_001);
  expect(occupiedFinder(new Uint32Array(10))).toBeUndefined();
});

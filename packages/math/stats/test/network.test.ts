import { expect, test } from "vitest";
import { sortingNetwork } from "../src/index.js";

test("a sorting network puts all zeros before all ones", () => {
  // What sorts every sequence of zeros and ones sorts everything (Knuth, The Art of Computer Programming 3, 5.3.4).
  for (let n = 0; n <= 12; n++) {
    const pairs = sortingNetwork(n);
    for (let bits = 0; bits < 1 << n; bits++) {
      const values = Array.from({ length: n }, (_, i) => (bits >> i) & 1);
      for (const [a, b] of pairs) if (values[a] > values[b]) [values[a], values[b]] = [values[b], values[a]];
      expect(values.join("")).toMatch(/^0*1*$/);
    }
  }
});

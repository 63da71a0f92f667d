import type { Forward } from "./plan.js";

/** Short lengths by the definition. */
export function direct(n: number): Forward {
  const cos = Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sin = Float64Array.from({ length: n }, (_, k) => Math.sin((2 * Math.PI * k) / n));
  return (out, input) => {
    for (let k = 0; k < n; k++) {
      let re = 0;
      let im = 0;
      for (let j = 0; j < n; j++) {
        const t = (j * k) % n;
        re += input[2 * j] * cos[t] + input[2 * j + 1] * sin[t];
        im += input[2 * j + 1] * cos[t] - input[2 * j] * sin[t];
      }
      out[2 * k] = re;
      out[2 * k + 1] = im;
    }
  };
}

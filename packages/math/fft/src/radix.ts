import FFT from "fft.js";
import type { Forward } from "./plan.js";

/** Length 2^k through fft.js (radix 4). */
export function powerOfTwo(n: number): Forward {
  if (n === 1)
    return (out, input) => {
      out[0] = input[0];
      out[1] = input[1];
    };
  const fft = new FFT(n);
  return (out, input) => fft.transform(out, input);
}

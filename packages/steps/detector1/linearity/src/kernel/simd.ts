import { ensureMemory, instantiate } from "@calwebb/array";
import { polynomialWasm } from "../generated/polynomial.wasm.js";

/** The polynomial in WASM SIMD: its memory, laid out for runs of a fixed number of pixels. */
export interface SimdPolynomial {
  /** Values of one group, [run]. */
  readonly data: Float32Array;
  /** Flags of one group, [run]. */
  readonly dq: Uint8Array;
  /** Coefficients, [ncoeffs][run]. */
  readonly c: Float32Array;
  /** Correct what `data` holds, in place. */
  correct(): void;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  correct(data: number, dq: number, c: number, n: number, ncoeffs: number): void;
}

/**
 * Make the SIMD kernel for runs of `run` pixels (a multiple of 16) and `ncoeffs` coefficients.
 * @returns undefined where the platform has no WASM SIMD or forbids compiling it: the TypeScript kernel gives the same numbers
 */
export function simdPolynomial(run: number, ncoeffs: number): SimdPolynomial | undefined {
  const wasm = instantiate<Exports>(polynomialWasm);
  if (wasm === undefined) return undefined;
  const at = { data: 0, dq: 4 * run, c: 5 * run };
  ensureMemory(wasm.memory, at.c + 4 * ncoeffs * run);
  const { buffer } = wasm.memory;
  return {
    data: new Float32Array(buffer, at.data, run),
    dq: new Uint8Array(buffer, at.dq, run),
    c: new Float32Array(buffer, at.c, ncoeffs * run),
    correct: () => wasm.correct(at.data, at.dq, at.c, run, ncoeffs),
  };
}

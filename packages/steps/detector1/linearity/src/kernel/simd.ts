import { ensureMemory, instantiate } from "@calwebb/array";
import { polynomialWasm } from "../generated/polynomial.wasm.js";

/** The polynomial in WASM SIMD: its memory, laid out for runs of a fixed number of pixels. */
export interface SimdPolynomial {
  /** Most pixels of a run. */
  readonly run: number;
  /** Values of one group, [run]. */
  readonly data: Float32Array;
  /** Flags of one group, [run]. */
  readonly dq: Uint8Array;
  /** Coefficients, [ncoeffs][run]. */
  readonly c: Float32Array;
  /** Flags of the pixels in the reference and in the exposure, [run]. */
  readonly refdq: Uint32Array;
  readonly pixeldq: Uint32Array;
  /** Do for the first n pixels what `usableCoefficients` does, and add the flags of the reference. */
  usable(n: number): void;
  /** Correct the first n of the values, in place. */
  correct(n: number): void;
  /** The same without flags; zeros stay. */
  correctKeepingZero(n: number): void;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  usable(c: number, stride: number, ncoeffs: number, refdq: number, pixeldq: number, n: number): void;
  correct(data: number, dq: number, c: number, stride: number, n: number, ncoeffs: number): void;
  correctKeepingZero(data: number, c: number, stride: number, n: number, ncoeffs: number): void;
}

/**
 * Make the SIMD kernel for runs of at most `run` pixels (a multiple of 16) and `ncoeffs` coefficients.
 * @returns undefined where the platform has no WASM SIMD or forbids compiling it: the TypeScript kernel gives the same numbers
 */
export function simdPolynomial(run: number, ncoeffs: number): SimdPolynomial | undefined {
  const wasm = instantiate<Exports>(polynomialWasm);
  if (wasm === undefined) return undefined;
  const at = { data: 0, refdq: 4 * run, pixeldq: 8 * run, dq: 12 * run, c: 13 * run };
  ensureMemory(wasm.memory, at.c + 4 * ncoeffs * run);
  const { buffer } = wasm.memory;
  const up = (n: number): number => Math.ceil(n / 16) * 16;
  return {
    run,
    data: new Float32Array(buffer, at.data, run),
    dq: new Uint8Array(buffer, at.dq, run),
    c: new Float32Array(buffer, at.c, ncoeffs * run),
    refdq: new Uint32Array(buffer, at.refdq, run),
    pixeldq: new Uint32Array(buffer, at.pixeldq, run),
    usable: (n) => wasm.usable(at.c, run, ncoeffs, at.refdq, at.pixeldq, up(n)),
    correct: (n) => wasm.correct(at.data, at.dq, at.c, run, up(n), ncoeffs),
    correctKeepingZero: (n) => wasm.correctKeepingZero(at.data, at.c, run, up(n), ncoeffs),
  };
}

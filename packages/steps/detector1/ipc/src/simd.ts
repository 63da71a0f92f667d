import { ensureMemory, instantiate } from "@calwebb/array";
import { convolveWasm } from "./generated/convolve.wasm.js";

/** Rows that one call works on. */
export const BLOCK = 32;

/** Shared memory is copied a word of two elements at a time where both ends lie alike on such words, else byte by byte. */
const WORD = 2;

interface Exports {
  readonly memory: WebAssembly.Memory;
  convolve(
    temp: number,
    stride: number,
    out: number,
    outStride: number,
    rows: number,
    kernel: number,
    ky: number,
    kx: number,
  ): void;
}

/** The convolution of a block of rows in WASM SIMD: its memory and the call. */
export interface SimdConvolution {
  /** BLOCK + ky - 1 padded rows, `stride` elements apart; their pixels begin at element `lead`. */
  readonly temp: Float32Array;
  readonly stride: number;
  readonly lead: number;
  /** BLOCK rows of results, `outStride` elements apart. */
  readonly out: Float32Array;
  readonly outStride: number;
  run(rows: number): void;
}

/**
 * Make the SIMD kernel for rows of `width` pixels and a shared kernel.
 * @returns undefined where the platform has no WASM SIMD or forbids compiling it: the TypeScript kernel gives the same numbers
 */
export function simdConvolution(
  width: number,
  kernel: Float32Array,
  ky: number,
  kx: number,
): SimdConvolution | undefined {
  const wasm = instantiate<Exports>(convolveWasm);
  if (wasm === undefined) return undefined;
  const outStride = Math.ceil(width / 16) * 16;
  const left = kx >> 1;
  const lead = Math.ceil(left / WORD) * WORD;
  const stride = Math.ceil((outStride + lead + kx) / WORD) * WORD;
  const first = Math.ceil((ky * kx) / 4) * 16;
  const at = { kernel: 0, out: first, temp: first + 4 * BLOCK * outStride };
  const rows = BLOCK + ky - 1;
  ensureMemory(wasm.memory, at.temp + 4 * stride * (rows + 1));
  const { buffer } = wasm.memory;
  new Float32Array(buffer, at.kernel, ky * kx).set(kernel);
  return {
    temp: new Float32Array(buffer, at.temp, stride * rows),
    stride,
    lead,
    out: new Float32Array(buffer, at.out, BLOCK * outStride),
    outStride,
    run: (n) => wasm.convolve(at.temp + 4 * (lead - left), stride, at.out, outStride, n, at.kernel, ky, kx),
  };
}

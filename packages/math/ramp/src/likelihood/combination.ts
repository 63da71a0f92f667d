import { ensureMemory, instantiate } from "@calwebb/array";
import { combineWasm } from "../generated/combine.wasm.js";
import { medianNetwork } from "../ols/network.js";

/** Pixels handled together. */
const WIDTH = 1024;

/** More integrations are put in order pixel by pixel: a network's size grows faster than its speed pays. */
const NETWORK_UP_TO = 64;

/** Rows of results. */
const RESULTS = 6;

/** The average of integrations in WASM SIMD: its memory, with rows of `width` pixels, and the call. */
export interface Combination {
  readonly width: number;
  /** Rates, variances and flags, a row per integration. */
  readonly slope: Float32Array;
  readonly varPoisson: Float32Array;
  readonly varRnoise: Float32Array;
  readonly dq: Uint32Array;
  /** Rows of rate, var_P, var_R and error. */
  readonly out: Float32Array;
  readonly flags: Uint32Array;
  /** Not 0 where a rate is NaN: the other results do not hold there. */
  readonly odd: Int32Array;
  /** Average the first n pixels. */
  run(n: number): void;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  combine(...args: number[]): void;
}

/** Make the kernel; undefined where there is no WASM SIMD, or for too many integrations: TypeScript gives the same numbers. */
export function simdCombination(nints: number): Combination | undefined {
  const wasm = nints > NETWORK_UP_TO ? undefined : instantiate<Exports>(combineWasm);
  if (wasm === undefined) return undefined;
  const pairs = medianNetwork(nints);
  const rows = 4 * WIDTH * nints;
  const at = { slope: 0, varPoisson: rows, varRnoise: 2 * rows, dq: 3 * rows, out: 4 * rows };
  const scratch = at.out + 4 * WIDTH * RESULTS;
  const order = scratch + 48 * nints;
  ensureMemory(wasm.memory, order + 4 * pairs.length);
  const { buffer } = wasm.memory;
  new Int32Array(buffer, order, pairs.length).set(pairs);
  const floats = (offset: number, count: number): Float32Array => new Float32Array(buffer, offset, count * WIDTH);
  return {
    width: WIDTH,
    slope: floats(at.slope, nints),
    varPoisson: floats(at.varPoisson, nints),
    varRnoise: floats(at.varRnoise, nints),
    dq: new Uint32Array(buffer, at.dq, nints * WIDTH),
    out: floats(at.out, 4),
    flags: new Uint32Array(buffer, at.out + 16 * WIDTH, WIDTH),
    odd: new Int32Array(buffer, at.out + 20 * WIDTH, WIDTH),
    run: (n) =>
      wasm.combine(
        nints,
        Math.ceil(n / 4) * 4,
        WIDTH,
        at.slope,
        at.varPoisson,
        at.varRnoise,
        at.dq,
        order,
        pairs.length / 2,
        scratch,
        at.out,
      ),
  };
}

import { ensureMemory, instantiate } from "@calwebb/array";
import { oddWasm } from "./generated/odd.wasm.js";

/** Columns that one call works on; a multiple of four. */
export const BLOCK = 16;

/** The sums of an odd-length transform for a block of columns, with the memory that they work on. */
export interface OddSums {
  /** [half][BLOCK][s re, s im, d im, -d re]: sums s and differences d of the rows a and m - a. */
  readonly scratch: Float64Array;
  /** [half][BLOCK][even re, even im, odd re, odd im] */
  readonly out: Float64Array;
  run(): void;
}

/** cos and sin of 2 pi a k / m for a, k = 1 .. (m - 1) / 2. */
function tables(m: number): { cos: Float64Array; sin: Float64Array } {
  const half = (m - 1) >> 1;
  const cos = new Float64Array(half * half);
  const sin = new Float64Array(half * half);
  for (let k = 1; k <= half; k++)
    for (let a = 1; a <= half; a++) {
      const angle = (2 * Math.PI * ((a * k) % m)) / m;
      cos[(k - 1) * half + a - 1] = Math.cos(angle);
      sin[(k - 1) * half + a - 1] = Math.sin(angle);
    }
  return { cos, sin };
}

/** The sums for odd length m, in WASM SIMD where there is one (the results are the same bit by bit). */
export function oddSums(m: number, plain = false): OddSums {
  return (plain ? undefined : wasmSums(m)) ?? plainSums(m);
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  odd(scratch: number, cos: number, sin: number, out: number, half: number, columns: number): void;
}

function wasmSums(m: number): OddSums | undefined {
  const wasm = instantiate<Exports>(oddWasm);
  if (wasm === undefined) return undefined;
  const half = (m - 1) >> 1;
  const table = 8 * half * half;
  const block = 8 * 4 * half * BLOCK;
  // Blocks first: they must start on a multiple of 16 bytes for speed.
  const at = { scratch: 0, out: block, cos: 2 * block, sin: 2 * block + table };
  ensureMemory(wasm.memory, at.sin + table);
  const { buffer } = wasm.memory;
  const { cos, sin } = tables(m);
  new Float64Array(buffer, at.cos, half * half).set(cos);
  new Float64Array(buffer, at.sin, half * half).set(sin);
  return {
    scratch: new Float64Array(buffer, at.scratch, 4 * half * BLOCK),
    out: new Float64Array(buffer, at.out, 4 * half * BLOCK),
    run: () => wasm.odd(at.scratch, at.cos, at.sin, at.out, half, BLOCK),
  };
}

function plainSums(m: number): OddSums {
  const half = (m - 1) >> 1;
  const { cos, sin } = tables(m);
  const scratch = new Float64Array(4 * half * BLOCK);
  const out = new Float64Array(4 * half * BLOCK);
  return { scratch, out, run: () => plainRun(scratch, out, cos, sin, half) };
}

function plainRun(scratch: Float64Array, out: Float64Array, cos: Float64Array, sin: Float64Array, half: number): void {
  for (let k = 0; k < half; k++)
    for (let c = 0; c < BLOCK; c++) {
      let er = 0;
      let ei = 0;
      let or = 0;
      let oi = 0;
      for (let a = 0, s = 4 * c, t = k * half; a < half; a++, s += 4 * BLOCK, t++) {
        er += scratch[s] * cos[t];
        ei += scratch[s + 1] * cos[t];
        or += scratch[s + 2] * sin[t];
        oi += scratch[s + 3] * sin[t];
      }
      const q = 4 * (k * BLOCK + c);
      out[q] = er;
      out[q + 1] = ei;
      out[q + 2] = or;
      out[q + 3] = oi;
    }
}

import { ensureMemory, instantiate } from "@calwebb/array";
import { subtractWasm } from "./generated/subtract.wasm.js";

/** Pixels handled together: with their levels they stay in the second cache. */
export const TILE: number = 1 << 14;

/** Levels to subtract from one run of values after another. */
export interface Levels {
  /** Take levels, TILE at most. */
  load(level: Float32Array): void;
  /** Subtract them from as many values, in place; NaN subtracts nothing. */
  subtract(values: Float32Array): void;
  /** The same, but values of exactly 0 stay. */
  subtractKeepingZero(values: Float32Array): void;
  /** OR flags into as many others, TILE at most; the levels are lost. */
  addFlags(into: Uint32Array, flags: Uint32Array): void;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  subtract(data: number, level: number, n: number): void;
  subtractKeepingZero(data: number, level: number, n: number): void;
  addWords(into: number, words: number, n: number): void;
}

/** In WASM SIMD, through its memory; undefined where there is none. */
export function simdLevels(): Levels | undefined {
  const wasm = instantiate<Exports>(subtractWasm);
  if (wasm === undefined) return undefined;
  ensureMemory(wasm.memory, 8 * TILE);
  const { buffer } = wasm.memory;
  const data = new Float32Array(buffer, 0, TILE);
  const held = new Float32Array(buffer, 4 * TILE, TILE);
  const into = new Uint32Array(buffer, 0, TILE);
  const words = new Uint32Array(buffer, 4 * TILE, TILE);
  const through = (kernel: (data: number, level: number, n: number) => void) => (values: Float32Array) => {
    data.set(values);
    kernel(0, 4 * TILE, Math.ceil(values.length / 16) * 16);
    values.set(data.subarray(0, values.length));
  };
  return {
    load: (level) => held.set(level),
    subtract: through(wasm.subtract),
    subtractKeepingZero: through(wasm.subtractKeepingZero),
    addFlags: (own, flags) => {
      const n = Math.min(own.length, flags.length);
      into.set(own);
      words.set(flags.subarray(0, n));
      wasm.addWords(0, 4 * TILE, Math.ceil(n / 16) * 16);
      own.set(into.subarray(0, n));
    },
  };
}

/** In TypeScript. */
export function plainLevels(): Levels {
  let held = new Float32Array(0);
  return {
    load: (level) => {
      held = level as Float32Array<ArrayBuffer>;
    },
    subtract: (values) => subtract(values, held),
    subtractKeepingZero: (values) => subtractKeepingZero(values, held),
    addFlags: (own, flags) => addWords(new Int32Array(own.buffer, own.byteOffset, own.length), flags),
  };
}

function subtract(data: Float32Array, level: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const b = level[i];
    if (!Number.isNaN(b)) data[i] = data[i] - b;
  }
}

function subtractKeepingZero(data: Float32Array, level: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const b = level[i];
    if (!Number.isNaN(b) && data[i] !== 0) data[i] = data[i] - b;
  }
}

function addWords(into: Int32Array, flags: Uint32Array): void {
  // Signed words: unsigned ones beyond 2^31 would leave the range of small integers.
  for (let i = 0; i < into.length; i++) into[i] |= flags[i];
}

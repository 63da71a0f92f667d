import { ensureMemory, instantiate } from "@calwebb/array";
import { shapeWasm } from "./generated/shape.wasm.js";

interface Exports {
  readonly memory: WebAssembly.Memory;
  start(): number;
  square(x: number): number;
  moments(runs: number, n: number, width: number, area: number, columns: number, out: number): void;
  ellipse(...args: number[]): number;
}

/** Bytes of an i32 and an f64. */
const INT = 4;
const DOUBLE = 8;

/** The figures of regions in WASM, which needs no warming up; see assembly/shape.ts. */
export class ShapeKernel {
  readonly exports: Exports;
  /** Integers and numbers in its memory from `at` on. */
  ints: Int32Array;
  doubles: Float64Array;
  /** Where the memory that is free to use begins [byte]. */
  readonly at: number;

  constructor(exports: Exports) {
    this.exports = exports;
    this.at = Math.ceil(exports.start() / DOUBLE) * DOUBLE;
    this.ints = new Int32Array(exports.memory.buffer, this.at);
    this.doubles = new Float64Array(exports.memory.buffer, this.at);
  }

  /** Have room for `ints` integers, then `doubles` numbers; gives where the numbers begin [byte]. */
  reserve(ints: number, doubles: number): number {
    const middle = this.at + Math.ceil((ints * INT) / DOUBLE) * DOUBLE;
    const { memory } = this.exports;
    const end = middle + doubles * DOUBLE;
    if (end > memory.buffer.byteLength) {
      ensureMemory(memory, 2 * end);
      this.ints = new Int32Array(memory.buffer, this.at);
      this.doubles = new Float64Array(memory.buffer, this.at);
    }
    return middle;
  }
}

let kernel: ShapeKernel | null | undefined;

/** @returns undefined where the platform has no WASM SIMD or forbids compiling it: the TypeScript twins give the same numbers */
export function shapeKernel(): ShapeKernel | undefined {
  if (kernel === undefined) {
    const exports = instantiate<Exports>(shapeWasm);
    kernel = exports ? new ShapeKernel(exports) : null;
  }
  return kernel ?? undefined;
}

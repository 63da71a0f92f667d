import { ensureMemory, instantiate } from "@calwebb/array";
import { occupiedWasm } from "../generated/occupied.wasm.js";

interface Kernel {
  readonly memory: WebAssembly.Memory;
  occupied(from: number, end: number): number;
}

/** Words that are looked at together. */
const TILE = 1 << 14;
/** Fewer words are not worth the kernel. */
const KERNEL_FROM = 1 << 16;

let kernel: Kernel | undefined;
let tile: Uint32Array | undefined;

/**
 * Finds the next word that is not 0, in flags most of which are.
 * @returns a function that gives its index, from a given one on, or the length when there is none; undefined for few words and where
 *   there is no kernel. Words before the given index may have changed meanwhile; one finder at a time is used
 */
export function occupiedFinder(words: Uint32Array): ((from: number) => number) | undefined {
  const n = words.length;
  if (n < KERNEL_FROM) return undefined;
  kernel ??= instantiate<Kernel>(occupiedWasm);
  if (kernel === undefined) return undefined;
  const { memory, occupied } = kernel;
  ensureMemory(memory, 4 * TILE + 16);
  tile ??= new Uint32Array(memory.buffer, 0, TILE);
  const room = tile;
  let start = -1;
  let end = -1;
  return (from) => {
    for (let at = from; at < n; at = end) {
      if (at >= end) {
        start = at;
        end = Math.min(n, at + TILE);
        if (end - start < TILE) room.fill(0);
        room.set(words.subarray(start, end));
      }
      const found = start + occupied(4 * (at - start), 4 * (end - start)) / 4;
      if (found < end) return found;
    }
    return n;
  };
}

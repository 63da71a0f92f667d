import { ensureMemory, instantiate } from "@calwebb/array";
import { blockWasm } from "../generated/block.wasm.js";
import { OUT_OF_REACH } from "./geometry.js";
import { plainOperations } from "./plain.js";

/** Sizes of a block: rows, elements from row to row, pixels of a row rounded up to whole vectors, padding on each side. */
export interface BlockShape {
  rows: number;
  nx: number;
  stride: number;
  width: number;
  pad: number;
  /** Planes of flags. */
  planes: number;
}

/** Arrays of a block; rows are `stride` elements apart and begin with `pad` elements that no pixel belongs to. */
export interface BlockArrays {
  /** Counts of one plane [DN]. */
  values: Float32Array;
  /** Flags that come with the thresholds; in the memory of `values`. */
  words: Uint32Array;
  threshold: Float32Array;
  /** Flags, plane after plane. */
  flags: Uint8Array;
  /** Not 0 for pixels that have saturated so far, and which rows hold one. */
  ever: Uint8Array;
  everRow: Uint8Array;
  /** Not 0 for pixels to spread from, and which rows hold one. */
  marked: Uint8Array;
  markedRow: Uint8Array;
  wide: Uint8Array;
  /** OR of flags. */
  all: Uint8Array;
  /** 0xff where a row has a pixel. */
  valid: Uint8Array;
}

/** What is done to the first `rows` rows of a block; see assembly/block.ts. */
export interface BlockOperations {
  readonly shape: BlockShape;
  readonly arrays: BlockArrays;
  /** Thresholds that are NaN, or whose flag in `words` says so, go out of reach. */
  prepare(rows: number): void;
  /** Mark pixels of `values` in `ever` and flag those at the floor; whether a pixel that is not marked is SATURATED in that plane of flags. */
  inspect(plane: number, rows: number): boolean;
  /** `marked` becomes `ever` and what is SATURATED in a plane. */
  unite(plane: number, rows: number): void;
  /** `marked` becomes what is SATURATED in the plane after this one and has none of the flags `not` in this one; whether there is any. */
  follow(plane: number, not: number, rows: number): boolean;
  /** Add a flag to `ever` or `marked` pixels of a plane and to their neighbours. */
  spread(plane: number, from: "ever" | "marked", bit: number, grow: number, rows: number): void;
  /** Add the flags of all planes to `all`. */
  gather(rows: number): void;
  /** Pixels of rows [from, to) of `all` that have a flag. */
  count(bit: number, from: number, to: number): number;
}

/** Shape of blocks of `rows` rows of `nx` pixels. */
export function blockShape(rows: number, nx: number, planes: number, grow: number): BlockShape {
  const pad = Math.ceil(Math.max(1, grow) / 16) * 16;
  const width = Math.ceil(nx / 16) * 16;
  return { rows, nx, stride: width + 2 * pad, width, pad, planes };
}

/**
 * Make the memory of blocks and what works on it.
 * @param simd - use the WASM SIMD kernel where there is one; it gives the same flags
 */
export function blockOperations(shape: BlockShape, simd = true): BlockOperations {
  const wasm = simd ? instantiate<Exports>(blockWasm) : undefined;
  const { at, arrays } = layOut(shape, wasm?.memory);
  return wasm === undefined ? plainOperations(shape, arrays) : compiled(shape, arrays, at, wasm);
}

type Offsets = Record<keyof BlockArrays, number>;

function layOut(
  { rows, stride, width, nx, planes }: BlockShape,
  wasm: WebAssembly.Memory | undefined,
): { at: Offsets; arrays: BlockArrays } {
  const n = rows * stride;
  let end = 16;
  const place = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const values = place(4 * n);
  const at: Offsets = {
    values,
    words: values,
    threshold: place(4 * n),
    flags: place(planes * n),
    ever: place(n),
    everRow: place(rows),
    marked: place(n),
    markedRow: place(rows),
    wide: place(n),
    all: place(n),
    valid: place(width),
  };
  if (wasm !== undefined) ensureMemory(wasm, end);
  const buffer = wasm === undefined ? new ArrayBuffer(end) : (wasm.buffer as ArrayBuffer);
  const bytes = (name: keyof BlockArrays, length: number) => new Uint8Array(buffer, at[name], length);
  const arrays: BlockArrays = {
    values: new Float32Array(buffer, at.values, n),
    words: new Uint32Array(buffer, at.words, n),
    threshold: new Float32Array(buffer, at.threshold, n),
    flags: bytes("flags", planes * n),
    ever: bytes("ever", n),
    everRow: bytes("everRow", rows),
    marked: bytes("marked", n),
    markedRow: bytes("markedRow", rows),
    wide: bytes("wide", n),
    all: bytes("all", n),
    valid: bytes("valid", width),
  };
  arrays.threshold.fill(Number.POSITIVE_INFINITY);
  arrays.valid.fill(0xff, 0, nx);
  return { at, arrays };
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  prepare(...args: number[]): void;
  inspect(...args: number[]): number;
  unite(...args: number[]): void;
  follow(...args: number[]): number;
  spread(...args: number[]): void;
  gather(...args: number[]): void;
  count(...args: number[]): number;
}

function compiled(shape: BlockShape, arrays: BlockArrays, at: Offsets, wasm: Exports): BlockOperations {
  const { stride, width, pad, rows: most, planes } = shape;
  const size = most * stride;
  // Where the first pixel of an array lies.
  const floats = (name: "values" | "threshold"): number => at[name] + 4 * pad;
  const first = (name: "ever" | "marked" | "wide" | "all"): number => at[name] + pad;
  const flags = (plane: number): number => at.flags + plane * size + pad;
  return {
    shape,
    arrays,
    prepare: (rows) => wasm.prepare(at.threshold, at.words, rows * stride, OUT_OF_REACH),
    inspect: (plane, rows) =>
      wasm.inspect(
        floats("values"),
        floats("threshold"),
        first("ever"),
        flags(plane),
        at.everRow,
        stride,
        width,
        rows,
      ) !== 0,
    unite: (plane, rows) => wasm.unite(first("marked"), first("ever"), flags(plane), at.markedRow, stride, width, rows),
    follow: (plane, not, rows) =>
      wasm.follow(first("marked"), flags(plane), flags(plane + 1), not, at.markedRow, stride, width, rows) !== 0,
    spread: (plane, from, bit, grow, rows) => {
      const row = from === "ever" ? at.everRow : at.markedRow;
      wasm.spread(flags(plane), first(from), row, first("wide"), at.valid, bit, grow, stride, width, rows);
    },
    gather: (rows) => wasm.gather(first("all"), flags(0), size, planes, stride, width, rows),
    count: (bit, from, to) => wasm.count(first("all"), at.valid, bit, stride, width, from, to),
  };
}

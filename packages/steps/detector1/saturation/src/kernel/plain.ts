import { group, pixel } from "@calwebb/dqflags";
import type { BlockArrays, BlockOperations, BlockShape } from "./block.js";
import { OUT_OF_REACH } from "./geometry.js";

const { SATURATED } = group;
const FLOOR = group.AD_FLOOR | group.DO_NOT_USE;
const NO_SAT_CHECK = pixel.NO_SAT_CHECK;

/** What assembly/block.ts does, in TypeScript. */
export function plainOperations(shape: BlockShape, a: BlockArrays): BlockOperations {
  const { stride, nx, pad, rows: most, planes } = shape;
  const size = most * stride;
  const start = (r: number): number => r * stride + pad;
  return {
    shape,
    arrays: a,
    prepare: (rows) => {
      for (let r = 0; r < rows; r++)
        for (let p = start(r); p < start(r) + nx; p++)
          if (Number.isNaN(a.threshold[p]) || (a.words[p] & NO_SAT_CHECK) !== 0) a.threshold[p] = OUT_OF_REACH;
    },
    inspect: (plane, rows) => {
      let other = 0;
      for (let r = 0; r < rows; r++) {
        const found = inspectRow(a, start(r), plane * size, nx);
        a.everRow[r] = found & 1;
        other |= found;
      }
      return (other & 2) !== 0;
    },
    unite: (plane, rows) => {
      for (let r = 0; r < rows; r++) {
        let any = 0;
        for (let p = start(r), q = plane * size + p, i = 0; i < nx; i++, p++, q++)
          any |= a.marked[p] = a.ever[p] | (a.flags[q] & SATURATED);
        a.markedRow[r] = any === 0 ? 0 : 1;
      }
    },
    follow: (plane, not, rows) => {
      let found = 0;
      for (let r = 0; r < rows; r++) {
        let any = 0;
        for (let p = start(r), q = plane * size + p, i = 0; i < nx; i++, p++, q++)
          any |= a.marked[p] = (a.flags[q + size] & SATURATED) !== 0 && (a.flags[q] & not) === 0 ? 1 : 0;
        a.markedRow[r] = any;
        found |= any;
      }
      return found !== 0;
    },
    spread: (plane, from, bit, grow, rows) => {
      const [marks, row] = from === "ever" ? [a.ever, a.everRow] : [a.marked, a.markedRow];
      for (let r = 0; r < rows; r++) if (row[r] !== 0) widen(a.wide, marks, start(r), nx, grow, bit);
      for (let r = 0; r < rows; r++)
        for (let j = Math.max(0, r - grow); j <= Math.min(rows - 1, r + grow); j++)
          if (row[j] !== 0) addRow(a.flags, plane * size + start(r), a.wide, start(j), nx);
    },
    gather: (rows) => {
      for (let plane = 0; plane < planes; plane++)
        for (let r = 0; r < rows; r++) addRow(a.all, start(r), a.flags, plane * size + start(r), nx);
    },
    count: (bit, from, to) => {
      let n = 0;
      for (let r = from; r < to; r++) for (let p = start(r); p < start(r) + nx; p++) if ((a.all[p] & bit) !== 0) n++;
      return n;
    },
  };
}

/** 1: a pixel of the row is marked; 2: a pixel is flagged but not marked. */
function inspectRow(a: BlockArrays, from: number, plane: number, nx: number): number {
  const { values, threshold, ever, flags } = a;
  let found = 0;
  for (let p = from; p < from + nx; p++) {
    const v = values[p];
    if (v >= threshold[p]) ever[p] = 1;
    if (ever[p] !== 0) found |= 1;
    else if ((flags[plane + p] & SATURATED) !== 0) found |= 2;
    if (v <= 0) flags[plane + p] |= FLOOR;
  }
  return found;
}

/** Dilate one row of the marks along x into `wide`, as `bit`. */
function widen(wide: Uint8Array, mask: Uint8Array, at: number, nx: number, grow: number, bit: number): void {
  wide.fill(0, at, at + nx);
  // `end`: up to where this row is already filled.
  let end = 0;
  for (let x = 0; x < nx; x++) {
    if (mask[at + x] === 0) continue;
    const to = Math.min(nx, x + grow + 1);
    for (let i = Math.max(end, x - grow); i < to; i++) wide[at + i] = bit;
    end = to;
  }
}

function addRow(into: Uint8Array, to: number, flags: Uint8Array, from: number, nx: number): void {
  for (let x = 0; x < nx; x++) into[to + x] |= flags[from + x];
}

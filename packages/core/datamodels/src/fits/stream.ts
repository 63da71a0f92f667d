import { allocate, type DType, recycle, type TypedArray } from "@calwebb/array";
import type { StreamedImage } from "@calwebb/fits";
import type { ImageCell } from "./cells.js";
import { ChangedCell } from "./changed-cell.js";

/** Elements in a piece. */
const PIECE = 1 << 20;

/** An array that is still in its file, read piece by piece while it is written. */
export function streamCell(cell: ImageCell): StreamedImage {
  const { hdu, dtype } = cell;
  async function* blocks(): AsyncGenerator<TypedArray> {
    const buffer = allocate(dtype, Math.min(PIECE, hdu.size), "any") as TypedArray;
    for (let at = 0; at < hdu.size; at += PIECE) {
      const part = buffer.subarray(0, Math.min(PIECE, hdu.size - at)) as TypedArray;
      await hdu.readInto(part, at);
      yield part;
    }
    // The next array takes the same memory: who asks for more is done with what there was.
    recycle(buffer);
  }
  return { dtype, shape: hdu.shape, blocks: blocks() };
}

/** An array of one value that is never in memory as a whole. */
export function streamFilled(dtype: DType, shape: readonly number[], value: number): StreamedImage {
  const size = shape.reduce((a, b) => a * b, 1);
  function* blocks(): Generator<TypedArray> {
    const buffer = allocate(dtype, Math.min(PIECE, size)) as TypedArray;
    if (value !== 0) buffer.fill(value as never);
    for (let at = 0; at < size; at += PIECE) yield buffer.subarray(0, Math.min(PIECE, size - at)) as TypedArray;
    recycle(buffer);
  }
  return { dtype, shape, blocks: blocks() };
}

/** An array that is changed while it is written, piece by piece. */
export function streamChanged(cell: ChangedCell): StreamedImage {
  const { dtype, shape, blocks } = cell.base instanceof ChangedCell ? streamChanged(cell.base) : streamCell(cell.base);
  async function* changed(): AsyncGenerator<TypedArray> {
    let start = 0;
    for await (const part of blocks) {
      cell.change(part, start);
      start += part.length;
      yield part;
    }
  }
  return { dtype, shape, blocks: changed() };
}

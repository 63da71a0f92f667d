import { allocate, type Executor, recycle, splitRange } from "@calwebb/array";
import { medianPixelsTask } from "@calwebb/drizzle";
import type { StepContext } from "@calwebb/stpipe";

type ScratchFile = Awaited<ReturnType<StepContext["scratch"]>>;

/** Pixels per piece of work. */
const PIECE = 1 << 16;
/** Bytes of a section that is read back at one time. */
const SECTION = 1 << 26;

/** Images of one size that a median is wanted of. */
export interface Stack {
  add(image: Float32Array): Promise<void>;
  /** Median of each pixel, NaN left out. The stack is empty afterwards. */
  median(executor: Executor, signal?: AbortSignal): Promise<Float32Array>;
}

async function medianOf(
  stack: Float32Array,
  n: number,
  npix: number,
  out: Float32Array,
  executor: Executor,
  signal?: AbortSignal,
): Promise<void> {
  const pieces = splitRange(npix, PIECE).map(([start, end]) => ({ stack, n, npix, out, start, end }));
  await executor.run(medianPixelsTask, pieces, { signal });
}

/** Values in a section of a stack in memory: those of a full frame, so that sections take the memory of exposures that are done with. */
const FRAME = 1 << 22;

/** A stack in memory, in sections of some pixels of all images. */
export function memoryStack(n: number, npix: number): Stack {
  const ranges = splitRange(npix, Math.max(1, Math.floor(FRAME / Math.max(1, n))));
  let sections = ranges.map(([start, end]) => allocate("float32", ranges.length > 1 ? FRAME : n * (end - start)));
  let count = 0;
  return {
    async add(image) {
      for (const [s, [start, end]] of ranges.entries())
        sections[s].set(image.subarray(start, end), count * (end - start));
      count++;
    },
    async median(executor, signal) {
      const out = allocate("float32", npix);
      for (const [s, [start, end]] of ranges.entries())
        await medianOf(sections[s], count, end - start, out.subarray(start, end), executor, signal);
      recycle(...sections);
      sections = [];
      return out;
    },
  };
}

const bytesOf = (a: Float32Array): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);

/** A stack in a temporary file: memory holds one image and one section of all of them. */
export function fileStack(npix: number, scratch: ScratchFile): Stack {
  let count = 0;
  return {
    async add(image) {
      await scratch.write(bytesOf(image), count++ * npix * 4);
    },
    async median(executor, signal) {
      const out = allocate("float32", npix);
      const size = Math.max(1, Math.floor(SECTION / 4 / Math.max(1, count)));
      const buffer = allocate("float32", count * Math.min(size, npix));
      for (const [start, end] of splitRange(npix, size)) {
        const width = end - start;
        for (let k = 0; k < count; k++)
          await scratch.readInto(bytesOf(buffer.subarray(k * width, (k + 1) * width)), (k * npix + start) * 4);
        await medianOf(buffer, count, width, out.subarray(start, end), executor, signal);
      }
      await scratch.close();
      return out;
    },
  };
}

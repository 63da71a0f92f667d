import { allocate, type Executor, splitRange } from "@calwebb/array";
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

/** A stack in memory. */
export function memoryStack(n: number, npix: number): Stack {
  let stack = allocate("float32", n * npix);
  let count = 0;
  return {
    async add(image) {
      stack.set(image, count++ * npix);
    },
    async median(executor, signal) {
      const out = allocate("float32", npix);
      await medianOf(stack, count, npix, out, executor, signal);
      stack = allocate("float32", 0);
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

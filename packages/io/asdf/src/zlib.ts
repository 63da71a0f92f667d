import { Unzlib, zlibSync } from "fflate";

/** Collects at most `size` bytes; more than that means that the block's header lies. */
class Collector {
  readonly out: Uint8Array;
  length = 0;

  constructor(size: number) {
    this.out = new Uint8Array(size);
  }

  add(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.out.length)
      throw new RangeError(`the data expand to more than the ${this.out.length} bytes that the block header gives`);
    this.out.set(chunk, this.length);
    this.length += chunk.length;
  }

  done(): Uint8Array {
    if (this.length !== this.out.length)
      throw new RangeError(`the data expand to ${this.length} bytes, the block header gives ${this.out.length}`);
    return this.out;
  }
}

const PIECE = 1 << 16;

/** Expand a zlib stream of known size. */
export function unzlibSync(data: Uint8Array, size: number): Uint8Array {
  const collector = new Collector(size);
  const stream = new Unzlib((chunk) => collector.add(chunk));
  for (let at = 0; at < data.length; at += PIECE) stream.push(data.subarray(at, at + PIECE), at + PIECE >= data.length);
  return collector.done();
}

/** The same with the platform's own decoder where there is one. */
export async function unzlibAsync(data: Uint8Array, size: number): Promise<Uint8Array> {
  if (typeof DecompressionStream === "undefined") return unzlibSync(data, size);
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for (let at = 0; at < data.length; at += PIECE) {
      await writer.ready;
      // A copy: the stream may keep the chunk, and shared memory is not allowed there.
      await writer.write(data.slice(at, at + PIECE) as Uint8Array<ArrayBuffer>);
    }
    await writer.close();
  })();
  written.catch(() => undefined);
  const collector = new Collector(size);
  const reader = stream.readable.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) collector.add(step.value);
    await written;
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error;
  }
  return collector.done();
}

export function zlib(data: Uint8Array, level: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 = 6): Uint8Array {
  return zlibSync(data, { level });
}

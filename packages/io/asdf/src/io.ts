import { IoError } from "@calwebb/errors";
import { unzlibAsync, unzlibSync } from "./zlib.js";

/** Positional bytes. Every `ByteSource` of `@calwebb/bytes` is one. */
export interface AsdfSource {
  readonly name: string;
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  readSync?(offset: number, length: number): Uint8Array;
  readInto?(target: Uint8Array, offset: number): Promise<void>;
  readIntoSync?(target: Uint8Array, offset: number): void;
}

/** Where bytes are written, by position. Every `ByteSink` of `@calwebb/bytes` is one. */
export interface AsdfSink {
  write(bytes: Uint8Array, position: number): Promise<void>;
  commit?(): Promise<void>;
  abort?(): Promise<void>;
}

/**
 * Code that needs bytes is written once, as a generator that asks for them, and driven with or without waiting.
 */
export type Request =
  | { source: AsdfSource; offset: number; length: number }
  | { source: AsdfSource; offset: number; into: Uint8Array }
  | { zlib: Uint8Array; size: number };

export type Job<T> = Generator<Request, T, Uint8Array>;

const NOTHING = new Uint8Array(0);

export function runSync<T>(job: Job<T>): T {
  let step = job.next(NOTHING);
  while (!step.done) {
    let answer: Uint8Array;
    try {
      answer = answerSync(step.value);
    } catch (error) {
      step = job.throw(error);
      continue;
    }
    step = job.next(answer);
  }
  return step.value;
}

export async function runAsync<T>(job: Job<T>): Promise<T> {
  let step = job.next(NOTHING);
  while (!step.done) {
    let answer: Uint8Array;
    try {
      answer = await answerAsync(step.value);
    } catch (error) {
      step = job.throw(error);
      continue;
    }
    step = job.next(answer);
  }
  return step.value;
}

function answerSync(request: Request): Uint8Array {
  if ("zlib" in request) return unzlibSync(request.zlib, request.size);
  const { source, offset } = request;
  if (!source.readSync)
    throw new IoError(`${source.name} can only be read asynchronously: use the method that returns a promise`, {
      file: source.name,
    });
  if ("length" in request) return source.readSync(offset, request.length);
  if (source.readIntoSync) source.readIntoSync(request.into, offset);
  else request.into.set(source.readSync(offset, request.into.length));
  return request.into;
}

async function answerAsync(request: Request): Promise<Uint8Array> {
  if ("zlib" in request) return unzlibAsync(request.zlib, request.size);
  const { source, offset } = request;
  if ("length" in request) return source.read(offset, request.length);
  if (source.readInto) await source.readInto(request.into, offset);
  else request.into.set(await source.read(offset, request.into.length));
  return request.into;
}

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array, name: string): AsdfSource {
  const readSync = (offset: number, length: number): Uint8Array => {
    if (offset < 0 || offset + length > bytes.length)
      throw new IoError(`${name}: wanted ${length} bytes at ${offset}, the data end at ${bytes.length}`, {
        file: name,
      });
    return bytes.subarray(offset, offset + length);
  };
  return { name, size: bytes.length, readSync, read: async (offset, length) => readSync(offset, length) };
}

import { IoError } from "@calwebb/errors";
import { gunzipNative } from "./builtin.js";
import { gunzipPortable } from "./inflate.js";
import { tooLarge } from "./limit.js";
import { memorySource } from "./memory.js";
import type { ByteSource } from "./types.js";

/** How much a compressed file may grow. */
export interface InflateOptions {
  /**
   * Refuse more decompressed bytes than this. Default: 20 times the compressed size, at least 256 MiB and at most 4 GiB - 1 MiB.
   */
  maxBytes?: number;
}

const MIB = 2 ** 20;

/** Whether the content starts as a gzip file does. */
export function isGzip(start: Uint8Array): boolean {
  return start.length >= 3 && start[0] === 0x1f && start[1] === 0x8b && start[2] === 8;
}

function limitOf(size: number, options: InflateOptions | undefined): number {
  return options?.maxBytes ?? Math.min(Math.max(256 * MIB, 20 * size), 4096 * MIB - MIB);
}

/**
 * Decompress a whole gzip file (one member or several), checking its CRC.
 * @throws {IoError} when the data is damaged or cut short, or grows beyond `maxBytes`
 */
export function gunzipSync(bytes: Uint8Array, name = "gzip data", options?: InflateOptions): Uint8Array {
  const limit = limitOf(bytes.length, options);
  return (gunzipNative(bytes, limit, name) ?? gunzipPortable(bytes, limit, name)) as Uint8Array;
}

/** The same through the platform's DecompressionStream where there is one and no faster way. */
export async function gunzip(bytes: Uint8Array, name = "gzip data", options?: InflateOptions): Promise<Uint8Array> {
  const limit = limitOf(bytes.length, options);
  const native = gunzipNative(bytes, limit, name);
  if (native !== undefined) return native;
  if (typeof DecompressionStream === "undefined") return gunzipPortable(bytes, limit, name);
  return gunzipStream(bytes, limit, name);
}

/** Decompress with DecompressionStream, stopping as soon as `limit` bytes are exceeded. */
export async function gunzipStream(bytes: Uint8Array, limit: number, name: string): Promise<Uint8Array> {
  // A Blob cannot be made from shared memory.
  const own = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
  const stream = new Blob([own]).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    let part: ReadableStreamReadResult<Uint8Array>;
    try {
      part = await reader.read();
    } catch (cause) {
      throw new IoError(`cannot decompress ${name}: the gzip data is damaged or cut short; fetch the file again`, {
        file: name,
        cause,
      });
    }
    if (part.done) break;
    total += part.value.length;
    if (total > limit) {
      await reader.cancel();
      throw tooLarge(name, limit);
    }
    parts.push(part.value);
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The source itself, or its decompressed content in memory when it is a gzip file. */
export async function inflated(source: ByteSource, options?: InflateOptions): Promise<ByteSource> {
  if (source.size < 18 || !isGzip(await source.read(0, 3))) return source;
  return memorySource(await gunzip(await source.read(0, source.size), source.name, options), source.name);
}

/** As {@link inflated}, at once; the source must have `readSync`. */
export function inflatedSync(source: ByteSource, options?: InflateOptions): ByteSource {
  if (source.readSync === undefined) throw notSync(source.name);
  if (source.size < 18 || !isGzip(source.readSync(0, 3))) return source;
  return memorySource(gunzipSync(source.readSync(0, source.size), source.name, options), source.name);
}

/** The error for a source that can only be read asynchronously. */
export function notSync(name: string): IoError {
  return new IoError(`cannot read ${name} synchronously: use the asynchronous functions`, { file: name });
}

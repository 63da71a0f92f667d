import { IoError } from "@calwebb/errors";
import { tooLarge } from "./limit.js";

interface Zlib {
  gunzipSync(bytes: Uint8Array, options: { maxOutputLength: number; chunkSize: number }): Uint8Array;
  inflateSync(bytes: Uint8Array, options: { maxOutputLength: number; chunkSize: number }): Uint8Array;
}

/**
 * The platform's own zlib where the host offers it without an import (Node); undefined in a browser. The portable decoder
 * gives the same bytes, some three times slower.
 */
function zlib(): Zlib | undefined {
  const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  return host?.getBuiltinModule?.("zlib") as Zlib | undefined;
}

const code = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

/** Size of the first output buffer: exact for a file of one member, so that nothing is copied twice. */
function firstChunk(bytes: Uint8Array, limit: number): number {
  const n = bytes.length;
  const size = n < 18 ? 0 : bytes[n - 4] + 256 * bytes[n - 3] + 65536 * bytes[n - 2] + 16777216 * bytes[n - 1];
  return Math.max(64, Math.min(size + 1, limit + 1, 1032 * n + 1024, 2 ** 31 - 1));
}

/** Decompress with the platform's zlib, or undefined where there is none. */
export function gunzipNative(bytes: Uint8Array, limit: number, name: string): Uint8Array | undefined {
  const lib = zlib();
  if (lib === undefined) return undefined;
  try {
    return lib.gunzipSync(bytes, { maxOutputLength: Math.max(1, limit), chunkSize: firstChunk(bytes, limit) });
  } catch (cause) {
    if (code(cause) === "ERR_BUFFER_TOO_LARGE") throw tooLarge(name, limit);
    throw new IoError(`cannot decompress ${name}: the gzip data is damaged or cut short; fetch the file again`, {
      file: name,
      cause,
    });
  }
}

import { IoError } from "@calwebb/errors";
import { checkRange, checkTarget } from "./range.js";
import type { ByteSource, MemorySink } from "./types.js";

/**
 * Bytes that are already in memory. Reads return views, not copies: do not change what they return.
 * @param bytes - the whole content; an ArrayBuffer or SharedArrayBuffer is taken as it is
 */
export function memorySource(bytes: Uint8Array | ArrayBufferLike, name = "memory"): ByteSource {
  const all = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  let open = true;
  const view = (offset: number, length: number): Uint8Array => {
    if (!open) throw new IoError(`cannot read ${name}: it has been closed`, { file: name });
    checkRange(name, all.length, offset, length);
    return all.subarray(offset, offset + length);
  };
  return {
    name,
    size: all.length,
    readSync: view,
    read: async (offset, length) => view(offset, length),
    readIntoSync: (target, offset) => target.set(view(offset, target.length)),
    readInto: async (target, offset) => target.set(view(offset, target.length)),
    close: async () => {
      open = false;
    },
  };
}

/** A sink that keeps everything in memory; take it with `bytes()`. */
export function memorySink(name = "memory"): MemorySink {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  const writeSync = (bytes: Uint8Array, position: number): void => {
    checkTarget(name, position);
    const end = position + bytes.length;
    if (end > buffer.length) {
      let room = buffer.length;
      while (room < end) room *= 2;
      try {
        const larger = new Uint8Array(room);
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      } catch (cause) {
        throw new IoError(`cannot keep ${end} bytes of ${name} in memory: write to a file instead`, {
          file: name,
          cause,
        });
      }
    }
    buffer.set(bytes, position);
    if (end > length) length = end;
  };
  return {
    name,
    bytes: () => buffer.subarray(0, length),
    writeSync,
    write: async (bytes, position) => writeSync(bytes, position),
    commit: async () => {},
    abort: async () => {
      length = 0;
      buffer = new Uint8Array(1 << 16);
    },
  };
}

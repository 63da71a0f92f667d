import { IoError } from "@calwebb/errors";
import { checkRange } from "./range.js";
import type { ByteSource } from "./types.js";

/** A Blob or File, as a browser hands them over; read slice by slice, asynchronously. */
export function blobSource(blob: Blob, name?: string): ByteSource {
  const file = name ?? ("name" in blob && typeof blob.name === "string" ? blob.name : "blob");
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    checkRange(file, blob.size, offset, length);
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    } catch (cause) {
      throw new IoError(`cannot read ${length} bytes at ${offset} of ${file}: choose the file again`, {
        file,
        cause,
      });
    }
    if (bytes.length !== length)
      throw new IoError(`got ${bytes.length} of ${length} bytes at ${offset} of ${file}: it changed while being read`, {
        file,
      });
    return bytes;
  };
  return {
    name: file,
    size: blob.size,
    read,
    readInto: async (target, offset) => target.set(await read(offset, target.length)),
    close: async () => {},
  };
}

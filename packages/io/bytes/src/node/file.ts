import { closeSync, fstatSync, openSync, readSync, read as readWithCallback, statSync } from "node:fs";
import { resolve } from "node:path";
import { IoError } from "@calwebb/errors";
import { type InflateOptions, inflatedSync } from "../gzip.js";
import { checkRange } from "../range.js";
import type { ByteSource } from "../types.js";
import { systemError } from "./errors.js";

export interface FileSourceOptions extends InflateOptions {
  /** Decompress a gzip file (told by its content) into memory; default true. */
  gunzip?: boolean;
}

/** One system call moves less than 2 GiB. */
const MAX_CALL = 2 ** 30;

function readOnce(fd: number, target: Uint8Array, at: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    readWithCallback(fd, target, at, length, position, (error, n) => (error ? reject(error) : resolve(n)));
  });
}

/**
 * A file, read by position, synchronously or not. A gzip file is decompressed into memory at once.
 * The file stays open until `close()`.
 * @throws {IoError} when it cannot be opened, or when its gzip data is damaged or grows beyond `maxBytes`
 */
export function fileSource(path: string, options: FileSourceOptions = {}): ByteSource {
  let fd: number;
  let size: number;
  let id: FileId;
  try {
    fd = openSync(path, "r");
  } catch (cause) {
    throw systemError("open", path, cause);
  }
  try {
    const stat = fstatSync(fd);
    if (stat.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR", syscall: "read" });
    size = stat.size;
    id = stat;
  } catch (cause) {
    closeSync(fd);
    throw systemError("open", path, cause);
  }
  const source = openFile(path, fd, size, id);
  if (options.gunzip === false) return source;
  try {
    const plain = inflatedSync(source, options);
    if (plain !== source) closeSync(fd);
    return plain;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** What tells a file from one that takes its name. */
interface FileId {
  readonly dev: number;
  readonly ino: number;
}

function isSame(path: string, { dev, ino }: FileId): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && now.dev === dev && now.ino === ino;
}

function openFile(path: string, fd: number, size: number, id: FileId): ByteSource {
  const full = resolve(path);
  let open = true;
  const check = (offset: number, length: number): void => {
    if (!open) throw new IoError(`cannot read ${path}: it has been closed; open it again`, { file: path });
    checkRange(path, size, offset, length);
  };
  const shrunk = (): IoError =>
    new IoError(`cannot read ${path}: it became shorter while being read; run again when it is complete`, {
      file: path,
    });

  const readIntoSync = (target: Uint8Array, offset: number): void => {
    check(offset, target.length);
    for (let done = 0; done < target.length; ) {
      let n: number;
      try {
        n = readSync(fd, target, done, Math.min(MAX_CALL, target.length - done), offset + done);
      } catch (cause) {
        throw systemError("read", path, cause);
      }
      if (n === 0) throw shrunk();
      done += n;
    }
  };
  const readInto = async (target: Uint8Array, offset: number): Promise<void> => {
    check(offset, target.length);
    for (let done = 0; done < target.length; ) {
      let n: number;
      try {
        n = await readOnce(fd, target, done, Math.min(MAX_CALL, target.length - done), offset + done);
      } catch (cause) {
        throw systemError("read", path, cause);
      }
      if (n === 0) throw shrunk();
      done += n;
    }
  };
  return {
    name: path,
    size,
    get handle() {
      return isSame(full, id) ? { module: import.meta.url, name: "fileSource", argument: full } : undefined;
    },
    readIntoSync,
    readInto,
    readSync: (offset, length) => {
      check(offset, length);
      const out = new Uint8Array(length);
      readIntoSync(out, offset);
      return out;
    },
    read: async (offset, length) => {
      check(offset, length);
      const out = new Uint8Array(length);
      await readInto(out, offset);
      return out;
    },
    close: async () => {
      if (!open) return;
      open = false;
      closeSync(fd);
    },
  };
}
